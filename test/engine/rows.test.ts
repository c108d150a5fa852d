/** Rows that share an id, and texts as an editor shows them: against a store that only knows texts. */
import { describe, expect, it } from 'vitest';
import type { Store } from '../../src/core/index/store.js';
import { findRow } from '../../src/engine/lookup/rows.js';

function storeOf(texts: Readonly<Record<string, string>>, source = 'notes.csv'): Store {
  const mapping = { text: 'text', id: 'id' };
  async function* documents(_columns: unknown, { id: ids }: { id: readonly string[] }) {
    // A store keeps to no order.
    for (const id of [...ids].reverse()) {
      if (id in texts) yield await Promise.resolve([{ id, key: `key of ${id}`, text: texts[id] }]);
    }
  }
  return { manifest: { corpus: { source, mapping } }, tables: { documents } } as never;
}

const record = (text: string) => ({ head: 'id,text', text, line: 3 });

describe('findRow', () => {
  const store = storeOf({ a: 'First.', 'a#2': 'Second.', 'a#3': 'Third.', b: 'Only.' });

  it('tells rows of one id apart by what they say', async () => {
    const ids = ['First.', 'Second.', 'Third.'].map(async (text) => {
      const found = await findRow(store, record(`a,${text}`));
      return [found?.id, found?.key, found?.isUnchanged];
    });
    expect(await Promise.all(ids)).toEqual([
      ['a', 'key of a', true],
      ['a#2', 'key of a#2', true],
      ['a#3', 'key of a#3', true],
    ]);
    const changed = { id: 'a', key: 'key of a', text: 'Fourth.', isUnchanged: false };
    expect(await findRow(store, record('a,Fourth.'))).toEqual(changed);
  });

  it('numbers a row without an id by its line', async () => {
    const numbered = storeOf({ 'row-3': 'Seen.' }, 'notes.csv.gz');
    expect(await findRow(numbered, record(',Seen.'))).toMatchObject({
      ...{ id: 'row-3', key: 'key of row-3', isUnchanged: true },
    });
  });

  it('takes line breaks and letters that an editor cannot show for no change', async () => {
    const written = storeOf({ a: 'Caf\u00e9:\r\nquiet.' });
    const isUnchanged = async (text: string) =>
      (await findRow(written, record(`a,"${text}"`)))?.isUnchanged;
    expect(await isUnchanged('Caf\u00e9:\nquiet.')).toBe(true);
    expect(await isUnchanged('Caf\ufffd:\nquiet.')).toBe(true);
    expect(await isUnchanged('Caf\ufffd:\nloud.')).toBe(false);
    expect(await isUnchanged('Caf:\nquiet.')).toBe(false);
  });
});
