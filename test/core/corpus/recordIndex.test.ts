import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCorpus, readRecord } from '../../../src/core/corpus/openCorpus.js';
import { createRecordParser } from '../../../src/core/corpus/tableRecords.js';
import { createRecordIndex } from '../../../src/core/corpus/recordIndex.js';
import type { RecordIndex, RecordLines } from '../../../src/core/corpus/recordIndex.js';
import type { FieldMapping } from '../../../src/protocol/catalogue/fieldRoles.js';
import type { TableKind } from '../../../src/protocol/catalogue/readers.js';

/** What tables are made of, the traps above all. */
const scraps = fc.array(
  fc.constantFrom(
    '"',
    '""',
    '"',
    ',',
    ';',
    '\t',
    '|',
    '\n',
    '\n',
    '\n\n',
    'a',
    'b c',
    ' ',
    'é',
    '#',
  ),
  { maxLength: 60 },
);
const anyText = scraps.map((parts) => `x,y\n${parts.join('')}`);

const quoted = (delimiter: string) =>
  fc
    .array(fc.constantFrom('"', delimiter, '\n', 'a', ' ', "o'clock", 'é'), { maxLength: 8 })
    .map((parts) => `"${parts.join('').replaceAll('"', '""')}"`);
const plain = fc.constantFrom('', 'a', '12', 'Seen at home.', 'half "quoted"', ' ');

/** Well-formed tables of every delimiter and line break, with or without a byte-order mark. */
const wellFormed = fc
  .record({
    delimiter: fc.constantFrom(',', ';', '\t'),
    lineBreak: fc.constantFrom('\n', '\r\n'),
    mark: fc.constantFrom('', '\ufeff'),
    preamble: fc.boolean(),
    rows: fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat({ max: 2 })), { maxLength: 12 }),
  })
  .chain((shape) =>
    fc
      .array(fc.tuple(fc.oneof(plain, quoted(shape.delimiter)), quoted(shape.delimiter)), {
        minLength: shape.rows.length,
        maxLength: shape.rows.length,
      })
      .map((cells) => ({ ...shape, cells })),
  );

describe('Records of a table', () => {
  it("begin and end where the reader's do, whatever the text", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const { index, lines } = indexOf(text, 'csv');
        const dialect = index.dialect();
        if (dialect === null) throw new Error('A table has a dialect.');
        const parser = createRecordParser(dialect, dialect.skipRows + 1);
        const rest = lines.slice(dialect.skipRows).join('\n');
        const records = [...parser.push(rest), ...parser.end()].slice(dialect.header ? 1 : 0);
        expect(all(index, lines.length)).toEqual(
          records
            .filter(({ flaw }) => flaw !== 'broken')
            .map(({ line, lastLine }) => ({ first: line - 1, last: lastLine - 1 })),
        );
      }),
      { numRuns: 500 },
    );
  });

  it("are csv-parse's in a well-formed table", () => {
    fc.assert(
      fc.property(wellFormed, ({ delimiter, cells }) => {
        const rows = cells.map(([first, second]) => `${first}${delimiter}${second}`);
        const text = [`kind${delimiter}text`, ...rows].join('\n');
        const { index, lines } = indexOf(text, 'csv');
        const expected: string[][] = parse(text, {
          delimiter,
          relax_quotes: true,
          from: 2,
          skip_empty_lines: true,
        });
        expect(all(index, lines.length)).toHaveLength(expected.length);
      }),
      { numRuns: 200 },
    );
  });

  it('are the same after an edit as in a new index', () => {
    fc.assert(
      fc.property(anyText, scraps, fc.nat(), fc.nat(), fc.nat(), (text, put, from, cut, look) => {
        const { index, lines } = indexOf(text, 'csv');
        index.at(look % lines.length);
        const start = from % (text.length + 1);
        const edited = text.slice(0, start) + put.join('') + text.slice(start + (cut % 20));
        const line = text.slice(0, start).split('\n').length - 1;
        lines.splice(0, lines.length, ...edited.split('\n'));
        index.changed(line);
        const fresh = indexOf(edited, 'csv');
        // The dialect of an open text stays what it was, unless its header changes.
        fc.pre(JSON.stringify(index.dialect()) === JSON.stringify(fresh.index.dialect()));
        expect(all(index, lines.length)).toEqual(all(fresh.index, lines.length));
        expect(index.head()).toEqual(fresh.index.head());
      }),
      { numRuns: 1000 },
    );
  });

  it('reads no line twice while the cursor moves', () => {
    const reads = new Map<number, number>();
    const lines = Array.from({ length: 400 }, (_, n) => (n % 2 === 0 ? `${n},"begun` : 'ended"'));
    lines.unshift('id,text');
    const index = createRecordIndex('csv', {
      count: () => lines.length,
      text(line) {
        reads.set(line, (reads.get(line) ?? 0) + 1);
        return lines[line] ?? '';
      },
    });
    expect(index.at(301)).toEqual({ first: 301, last: 302 });
    reads.clear();
    for (const line of [302, 40, 301, 2, 1]) index.at(line);
    expect(reads.size).toBe(0);
    index.changed(300);
    expect(index.at(302)).toEqual({ first: 301, last: 302 });
    expect([...reads.keys()]).toEqual([299, 300, 301, 302]);
  });

  it('has no record in its header, on blank lines and behind a missing quote', () => {
    const { index } = indexOf('sep=;\n"id\nof";text\n1;a\n\n2;"b\nc', 'csv');
    expect(index.head()).toEqual({ first: 0, last: 2 });
    expect([0, 1, 2, 3, 4, 5, 6, 99].map((line) => index.at(line)?.first ?? null)).toEqual([
      ...[null, null, null, 3],
      ...[null, null, null, null],
    ]);
    expect(indexOf('', 'csv').index.head()).toBeNull();
  });

  it('are the lines of a JSON Lines file', () => {
    const { index, lines } = indexOf('{"text": "a"}\n\n{"text": "b"}\n', 'jsonl');
    expect(index.head()).toBeNull();
    expect(all(index, lines.length).map(({ first }) => first)).toEqual([0, 2]);
  });
});

describe('A record of a file that an editor shows', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'records-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('is the note that the reader makes of it, by the same number', async () => {
    await fc.assert(
      fc.asyncProperty(wellFormed, async ({ delimiter, lineBreak, mark, preamble, cells }) => {
        const rows = cells.map(([first, second]) => `${first}${delimiter}${second}`);
        const shown = [...(preamble ? [`sep=${delimiter}`] : []), `kind${delimiter}text`, ...rows];
        const text = shown.join('\n');
        const file = path.join(folder, 'table.csv');
        await writeFile(file, mark + text.replaceAll('\n', lineBreak));
        const mapping = { text: 'text', id: null };
        const corpus = await openCorpus({ source: file, mapping });
        const read = [];
        for await (const { id, row, text: note } of corpus.read())
          read.push({ id, row, text: note });
        const { index, lines } = indexOf(text, 'csv');
        const head = textOf(lines, index.head() ?? { first: 0, last: 0 });
        const found = [];
        for (const record of all(index, lines.length)) {
          const recordText = { head, text: textOf(lines, record), line: record.first + 1 };
          const note = await readRecord(file, corpus.mapping, recordText);
          if (note !== null) found.push({ id: note.id, row: note.row, text: note.text });
        }
        const plainBreaks = read.map((note) => ({ ...note, text: note.text.replaceAll('\r', '') }));
        expect(found).toEqual(plainBreaks);
      }),
      { numRuns: 150 },
    );
  });

  it('is read by the header of the text, and is no note when it cannot be read', async () => {
    const mapping = {
      ...{ text: 'text', id: 'id', category: null, label: null, group: null, date: null },
      split: null,
    };
    const read = (file: string, head: string, text: string) =>
      readRecord(file, mapping, { head, text, line: 7 });
    expect(await read('a.tsv', 'text\tid', 'Seen.\tp1')).toMatchObject({ id: 'p1', row: 7 });
    expect(await read('a.csv', 'text,id', 'Seen.,')).toMatchObject({ id: 'row-7' });
    expect(await read('a.csv', 'text,id', ',p1')).toBeNull();
    expect(await read('a.jsonl', '', '{"id": 3, "text": "Seen."}')).toMatchObject({ id: '3' });
    expect(await read('a.jsonl', '', '{"id": 3, "text"')).toBeNull();
    expect(await read('a.parquet', '', 'PAR1')).toBeNull();
    expect(await read('a.json', '', '  {"id": 3, "text": "Seen."},')).toMatchObject({ id: '3' });
    expect(await read('a.txt', '', '{"id": 3, "text": "Seen."}')).toMatchObject({ id: '3' });
    const element = '<x:n id="3"><text>Seen.</text></x:n>';
    expect(await read('a.xml', '', element)).toMatchObject({ id: '3', text: 'Seen.' });
  });
});

const none: FieldMapping = {
  ...{ text: null, id: null, category: null, label: null, group: null, date: null, split: null },
};

describe('Records of JSON and XML in an editor', () => {
  const record = (i: number): string =>
    `{\n  "id": ${i},\n  "text": "Note ${i}, slept well all night."\n}`;
  const element = (i: number): string =>
    `<n\n id="${i}">\n<text>Note ${i}, slept well all night.</text>\n</n>`;

  it.each([
    ['json', `[\n${[1, 2, 3].map(record).join(',\n')}\n]`],
    ['jsonl', `{"took": 1, "notes":\n[${[1, 2, 3].map((i) => `\n${record(i)}`).join(',')}]}`],
    ['csv', [1, 2, 3].map(record).join('\n')],
    ['xml', `<notes>\n${[1, 2, 3].map(element).join('\n')}\n</notes>`],
  ] as const)('%s: each with its lines, also after an edit', async (kind, text) => {
    const { index, lines } = indexOf(text, kind);
    const found = all(index, lines.length);
    expect(found).toHaveLength(3);
    for (const [i, place] of found.entries()) {
      const mapping = { ...none, text: 'text', id: 'id' };
      const written = { head: '', text: textOf(lines, place), line: place.first + 1 };
      expect(await readRecord(`a.${kind}`, mapping, written)).toMatchObject({
        ...{
          id: String(i + 1),
          text: `Note ${i + 1}, slept well all night.`,
          row: place.first + 1,
        },
      });
    }
    lines.splice(found[1]?.first ?? 0, 0, '');
    index.changed(found[1]?.first ?? 0);
    expect(all(index, lines.length).map(({ first }) => first)).toEqual(
      found.map(({ first }, i) => (i === 0 ? first : first + 1)),
    );
  });

  it('are not told apart on one line, nor where a record holds several notes', () => {
    const one = indexOf('[{"id": 1, "text": "Slept."}, {"id": 2, "text": "Ate."}]', 'json');
    expect(one.index.at(0)).toBeNull();
    const some = indexOf(`[${record(1)}, ${record(2)},\n${record(3)}]`, 'json');
    expect(all(some.index, some.lines.length)).toEqual([{ first: 7, last: 10 }]);
    // Numbered by the reader, since two of them begin on one line.
    const two = '{"id": 1, "text": "Slept."}, {"id": 2, "text": "Ate."}';
    const mixed = indexOf(`[${two},\n${record(3)}]`, 'json');
    expect(all(mixed.index, mixed.lines.length)).toEqual([]);
    const notes = '{"note_id": 1, "text": "Slept well all night, ate."}';
    const inner = indexOf(
      `[{"patient_id": 1, "notes": [\n${notes},\n${notes}]},\n{"notes": []}]`,
      'json',
    );
    expect(inner.index.at(1)).toBeNull();
  });
});

function indexOf(text: string, kind: TableKind): { index: RecordIndex; lines: string[] } {
  const lines = text.split('\n');
  const index = createRecordIndex(kind, {
    count: () => lines.length,
    text: (line) => lines[line] ?? '',
  });
  return { index, lines };
}

function all(index: RecordIndex, count: number): RecordLines[] {
  const found = new Map<number, RecordLines>();
  for (let line = 0; line < count; line++) {
    const record = index.at(line);
    if (record !== null) found.set(record.first, record);
  }
  return [...found.values()];
}

function textOf(lines: readonly string[], { first, last }: RecordLines): string {
  return lines.slice(first, last + 1).join('\n');
}
