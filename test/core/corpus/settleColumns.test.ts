/** Columns are looked at before the notes are read, and no further than they must be. */
import { describe, expect, it } from 'vitest';
import type { Row } from '../../../src/core/corpus/corpus.js';
import { createMissingValues } from '../../../src/core/corpus/missingValues.js';
import { settleColumns } from '../../../src/core/corpus/settleColumns.js';
import type { DateOrder } from '../../../src/protocol/catalogue/reading.js';

async function looked(
  date: string | null,
  keep: readonly string[],
  given?: DateOrder,
): Promise<number> {
  let rows = 0;
  async function* endless(): AsyncGenerator<Row> {
    for (; ; rows++) {
      const value = (field: string): string | null =>
        ({ ...{ date: '25/12/2024', open: '01/02/2024', us: '12/25/2024' }, age: '70', never: '' })[
          field
        ] ?? null;
      yield await Promise.resolve({ where: 'a:1', line: rows, file: null, text: null, value });
    }
  }
  await settleColumns(endless(), date, keep, given, createMissingValues());
  return rows;
}

describe('Of a file without end', () => {
  it('no row is looked at where there is no date and no kept column', async () => {
    expect(await looked(null, [])).toBe(0);
  });

  it('no row is looked at where the order of the dates is given', async () => {
    expect(await looked('date', [], 'day-first')).toBe(0);
  });

  it('few rows settle a column that is clear', async () => {
    expect(await looked('date', [])).toBeLessThan(2000);
    expect(await looked('us', [])).toBeLessThan(2000);
    expect(await looked(null, ['age', 'date'])).toBeLessThan(2000);
  });

  it('the first 50,000 rows settle one that stays open, or has no value', async () => {
    expect(await looked('open', [])).toBe(49_999);
    expect(await looked(null, ['never'])).toBe(49_999);
  });
});
