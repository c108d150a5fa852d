/**
 * Random notes, written as files in every dialect, line end, quoting and encoding, some of their
 * values missing: whatever is not read as it was written is counted. Some hundred cases by default;
 * more with TABLE_CASES=100000.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Document } from '../../../src/core/corpus/document.js';
import { openCorpus } from '../../../src/core/corpus/openCorpus.js';
import {
  delimiters,
  perhapsClasses,
  usualMissingValues,
} from '../../../src/protocol/catalogue/reading.js';

const asked = process.env['TABLE_CASES'];
const cases = Number(asked ?? 500);
/** The same cases every time, unless a number is asked for. */
const seed = asked === undefined ? { seed: 12 } : {};
/** In milliseconds, on a slow machine. */
const timeout = 60_000 + 60 * cases;

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(path.join(tmpdir(), 'round-trip-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));

const missing = fc.constantFrom('', ' ', ...usualMissingValues);
const perhaps = (value: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.oneof({ weight: 4, arbitrary: value }, { weight: 1, arbitrary: missing });
const prose = fc
  .array(
    fc.constantFrom(
      ...[
        'Seen',
        'at home,',
        'well;',
        'BP 120/80',
        'müde',
        '“ok”',
        "o'clock",
        '患者',
        '😀',
        ' "so" ',
      ],
      ...['"', "'", '\n', '\r\n', '\n\n', '|', '\t', '^', '~', ',', ';', '\\'],
    ),
    { minLength: 2, maxLength: 15 },
  )
  .map((parts) => `Note ${parts.join(' ')} end`);

const table = fc.record({
  delimiter: fc.constantFrom(...delimiters),
  quote: fc.constantFrom('"' as const, "'" as const),
  escape: fc.constantFrom('doubled' as const, 'backslash' as const),
  lineEnd: fc.constantFrom('\n', '\r\n', '\r'),
  encoding: fc.constantFrom('utf8' as const, 'utf16le' as const),
  rows: fc.array(
    fc.record({
      text: perhaps(prose),
      ward: perhaps(fc.constantFrom('A', 'B, C')),
      patient: perhaps(fc.constantFrom('p1', 'p2')),
      age: perhaps(fc.integer({ min: 0, max: 110 }).map(String)),
      seen: perhaps(fc.integer({ min: 10, max: 28 }).map((day) => `2024-02-${day}`)),
    }),
    { minLength: 1, maxLength: 8 },
  ),
});
type Table = typeof table extends fc.Arbitrary<infer Value> ? Value : never;

const columns = ['text', 'ward', 'patient', 'age', 'seen'] as const;

function written({ delimiter, quote, escape, lineEnd, rows }: Table): string {
  const cell = (value: string): string => {
    const escaped =
      escape === 'doubled'
        ? value.replaceAll(quote, quote + quote)
        : value.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`);
    return quote + escaped + quote;
  };
  const records = rows.map((row, i) => [`n${i}`, ...columns.map((column) => row[column])]);
  return [['id', ...columns], ...records]
    .map((record) => record.map(cell).join(delimiter) + lineEnd)
    .join('');
}

const isMissing = (value: string): boolean =>
  value.trim() === '' || usualMissingValues.some((each) => each === value);
const isClass = (value: string): boolean => perhapsClasses.includes(value);

it('reads every note whole or counts it, and every missing value', { timeout }, async () => {
  await fc.assert(
    fc.asyncProperty(table, async (given) => {
      const { delimiter, quote, escape, encoding, rows } = given;
      const source = path.join(folder, 'notes.csv');
      await writeFile(source, `\ufeff${written(given)}`, encoding);
      const corpus = await openCorpus({
        source,
        mapping: { text: 'text', id: 'id', category: 'ward', group: 'patient', date: 'seen' },
        reading: { delimiter, quote, escape, header: true, skipRows: 0, keep: ['age'] },
      });
      const documents: Document[] = [];
      for await (const document of corpus.read()) documents.push(document);

      const notes = rows
        .map((row, i) => ({ ...row, id: `n${i}` }))
        .filter(({ text }) => !isMissing(text));
      const orNull = (value: string): string | null => (isMissing(value) ? null : value);
      expect(documents).toMatchObject(
        notes.map(({ id, text, ward, patient, seen }) => ({
          ...{ id, text, category: isClass(ward) ? ward : orNull(ward) },
          ...{ group: orNull(patient), date: orNull(seen) },
        })),
      );
      // A class, but for a column of numbers.
      const hasNumbers = rows.some(({ age }) => !isMissing(age));
      const ages = documents.map(({ fields }) => fields['age'] ?? null);
      expect(ages.map((age) => (age === null ? null : String(age)))).toEqual(
        notes.map(({ age }) => (isClass(age) && !hasNumbers ? age : orNull(age))),
      );
      expect(corpus.skipped).toBe(rows.length - notes.length);
      // Fields of a note without text are not looked at.
      const total = (
        list: readonly { readonly field: string; readonly count: number }[],
        of: string,
      ) => list.filter(({ field }) => field === of).reduce((sum, { count }) => sum + count, 0);
      expect(total(corpus.missing, 'text')).toBe(corpus.skipped);
      expect(total(corpus.missing, 'patient')).toBe(
        notes.filter(({ patient }) => isMissing(patient)).length,
      );
      expect(total(corpus.classes, 'ward')).toBe(notes.filter(({ ward }) => isClass(ward)).length);
    }),
    { numRuns: cases, ...seed },
  );
});
