/**
 * Random notes, written in every dialect and read back whole. Some thousand cases by default; more
 * with TABLE_CASES=100000.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { detectDialect, offsetOfLine } from '../../../src/core/corpus/dialect.js';
import { createMissingValues } from '../../../src/core/corpus/missingValues.js';
import { createRecordParser } from '../../../src/core/corpus/tableRecords.js';
import { delimiters, usualMissingValues } from '../../../src/protocol/catalogue/reading.js';
import type { Reading } from '../../../src/protocol/catalogue/reading.js';

const asked = process.env['TABLE_CASES'];
const cases = Number(asked ?? 2000);
/** The same cases every time, unless a number is asked for. */
const seed = asked === undefined ? { seed: 12 } : {};
/** In milliseconds, on a slow machine. */
const timeout = 60_000 + 60 * cases;

const words = [
  'Seen',
  'at',
  'home,',
  'well;',
  'no',
  'fever.',
  'BP',
  '120/80',
  'müde',
  '“ok”',
  '#2',
  "o'clock",
];
const marks = [
  '"',
  '""',
  "'",
  '\\',
  '\n',
  '\r\n',
  '\n\n',
  '|',
  '\t',
  '^',
  '~',
  ',',
  ';',
  ' "quoted" ',
];

const prose = fc
  .array(fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...words) }, fc.constantFrom(...marks)), {
    minLength: 4,
    maxLength: 20,
  })
  .map((parts) => `Note ${parts.join(' ')} end`);

interface Table {
  readonly delimiter: string;
  readonly quote: '"' | "'";
  readonly escape: 'doubled' | 'backslash';
  /** Only values that need quotes have them. */
  readonly sparing: boolean;
  readonly lineEnd: readonly string[];
  readonly header: boolean;
  readonly rows: readonly (readonly string[])[];
  readonly cuts: number;
}

const table: fc.Arbitrary<Table> = fc.record({
  delimiter: fc.constantFrom(...delimiters),
  quote: fc.constantFrom('"' as const, "'" as const),
  escape: fc.constantFrom('doubled' as const, 'backslash' as const),
  sparing: fc.boolean(),
  lineEnd: fc.constantFrom(['\n'], ['\r\n'], ['\r'], ['\n', '\r\n']),
  header: fc.boolean(),
  rows: fc
    .array(
      fc.tuple(
        prose,
        fc.constantFrom('ward', 'clinic', ''),
        fc.constantFrom(...usualMissingValues, ''),
      ),
      { minLength: 6, maxLength: 15 },
    )
    .map((rows) => rows.map((row, i) => [String(100 + i), ...row])),
  cuts: fc.integer({ min: 1, max: 200 }),
});

function written({ delimiter, quote, escape, sparing, lineEnd, header, rows }: Table): string {
  const cell = (value: string): string => {
    const needs = value.includes(delimiter) || /["'\\\r\n]/.test(value) || /^\s|\s$/.test(value);
    if (sparing && !needs) return value;
    const escaped =
      escape === 'doubled'
        ? value.replaceAll(quote, quote + quote)
        : value.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`);
    return quote + escaped + quote;
  };
  const names = header ? [['id', 'text', 'ward', 'seen']] : [];
  return [...names, ...rows]
    .map((row, i) => row.map(cell).join(delimiter) + (lineEnd[i % lineEnd.length] ?? '\n'))
    .join('');
}

function readBack(text: string, cuts: number, reading: Reading) {
  const dialect = detectDialect(text, true, ',', reading);
  const parser = createRecordParser(dialect, dialect.skipRows + 1);
  const rest = text.slice(offsetOfLine(text, dialect.skipRows));
  const records = [];
  for (let at = 0; at < rest.length; at += cuts)
    records.push(...parser.push(rest.slice(at, at + cuts)));
  records.push(...parser.end());
  return { dialect, records: dialect.header ? records.slice(1) : records };
}

function lineOf(text: string, value: string): number {
  return text.slice(0, text.indexOf(value)).split(/\r\n|\n|\r/).length;
}

describe('A table in any dialect', () => {
  it('is read back whole when the dialect is given', { timeout }, () => {
    fc.assert(
      fc.property(table, (given) => {
        const { delimiter, quote, escape, header, rows, cuts } = given;
        const text = written(given);
        const { records } = readBack(text, cuts, { delimiter, quote, escape, header, skipRows: 0 });
        expect(records.map(({ values }) => values)).toEqual(rows);
        expect(records.filter(({ flaw }) => flaw === 'broken')).toEqual([]);
      }),
      { numRuns: cases, ...seed },
    );
  });

  it('is read back whole by a guess, each record with its line', { timeout }, () => {
    fc.assert(
      fc.property(table, (given) => {
        const text = written(given);
        // Without an escaped quote, nothing shows that a backslash escapes.
        fc.pre(given.escape === 'doubled' || text.includes(`\\${given.quote}`));
        const { records, dialect } = readBack(text, given.cuts, {});
        expect({ header: dialect.header, rows: records.map(({ values }) => values) }).toEqual({
          header: given.header,
          rows: given.rows,
        });
        for (const [i, { line }] of records.entries()) {
          const id = given.rows[i]?.[0] ?? '';
          expect(line).toBe(lineOf(text, `${given.sparing ? '' : given.quote}${id}`));
        }
      }),
      { numRuns: cases, ...seed },
    );
  });

  it('loses one record to a lost quote, and names it', { timeout }, () => {
    fc.assert(
      fc.property(table, fc.nat(), (given, at) => {
        // What records begin with is known after a few of them.
        const lost = 3 + (at % (given.rows.length - 4));
        const whole = { ...given, sparing: false, quote: '"' as const, escape: 'doubled' as const };
        const lines = whole.rows.map((row) => written({ ...whole, header: false, rows: [row] }));
        const head = written({ ...whole, header: true, rows: [] });
        const broken = lines[lost] ?? '';
        const opening = broken.indexOf('"Note ');
        const before = head + lines.slice(0, lost).join('');
        const closing = broken.indexOf(` end"`) + 4;
        lines[lost] = broken.slice(0, closing) + broken.slice(closing + 1);
        expect(opening).toBeGreaterThan(0);
        const { delimiter } = whole;
        const { records } = readBack(head + lines.join(''), given.cuts, {
          ...{ delimiter, quote: '"', escape: 'doubled', header: true, skipRows: 0 },
        });
        const ids = records.filter(({ flaw }) => flaw !== 'broken').map(({ values }) => values[0]);
        const kept = whole.rows.filter((_, i) => i !== lost).map(([id]) => id);
        expect(ids.filter((id) => id !== whole.rows[lost]?.[0])).toEqual(kept);
        const named = records.find(({ flaw }) => flaw !== null);
        expect(named?.line).toBe(before.split(/\r\n|\n|\r/).length);
      }),
      { numRuns: cases, ...seed },
    );
  });

  it('has its missing values counted, none taken for a patient', { timeout }, () => {
    fc.assert(
      fc.property(table, ({ rows }) => {
        const missing = createMissingValues();
        const groups = rows.map((row) => missing.filled('group', 'seen', row[3] ?? ''));
        expect(groups.every((group) => group === null)).toBe(true);
        const total = missing.counts().reduce((sum, { count }) => sum + count, 0);
        expect(total).toBe(rows.length);
      }),
      { numRuns: Math.min(cases, 1000), ...seed },
    );
  });
});
