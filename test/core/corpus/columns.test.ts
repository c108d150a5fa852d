/** Parquet and Excel as other programs write them: see test/fixtures/records/make_records.py. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Corpus } from '../../../src/core/corpus/corpus.js';
import type { Document } from '../../../src/core/corpus/document.js';
import { dateKindOf, dateOfSerial } from '../../../src/core/corpus/excelDates.js';
import { openCorpus } from '../../../src/core/corpus/openCorpus.js';
import type { FieldMapping } from '../../../src/protocol/catalogue/fieldRoles.js';
import type { Reading } from '../../../src/protocol/catalogue/reading.js';

const fixtures = fileURLToPath(new URL('../../fixtures/records/', import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'columns-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(
  source: string,
  mapping: Partial<FieldMapping> = {},
  reading: Reading = {},
): Promise<{ corpus: Corpus; documents: Document[]; problems: string[] }> {
  const corpus = await openCorpus({ source: path.resolve(fixtures, source), mapping, reading });
  const documents: Document[] = [];
  for await (const document of corpus.read()) documents.push(document);
  return {
    corpus,
    documents,
    problems: corpus.problems.map(({ where, what }) => `${where} ${what}`),
  };
}

const sentence = (i: number): string =>
  `Note ${i}: walked to the shop and back, “a little” tired.\nReview ${i}.`;

async function spoilt(name: string, length: number): Promise<string> {
  const file = path.join(folder, `cut-${name}`);
  await writeFile(file, (await readFile(path.join(fixtures, name))).subarray(0, length));
  return file;
}

describe('Parquet', () => {
  it.each(['none', 'snappy', 'gzip', 'zstd', 'brotli', 'lz4'])(
    '%s is read whole',
    async (codec) => {
      const { documents, corpus, problems } = await read(`${codec}.parquet`);
      expect(corpus).toMatchObject({ kind: 'parquet', encoding: null, dialect: null });
      expect(corpus.mapping).toMatchObject({
        text: 'doc.text',
        id: 'note_id',
        group: 'patient_id',
      });
      expect(documents).toHaveLength(25);
      documents.forEach((document, i) => {
        expect(document).toMatchObject({
          id: `123456789012345678901234${56 + i}`,
          text: sentence(i),
          category: i % 2 === 1 ? 'ward' : null,
          group: String(9007199254740993n + BigInt(Math.floor(i / 3))),
          date: new Date(Date.UTC(2024, 2, 1 + i)).toISOString().slice(0, 10),
          row: i + 1,
        });
      });
      expect(problems).toEqual([]);
    },
  );

  it('has lists, decimals and times as texts', async () => {
    const { documents } = await read('none.parquet', {
      ...{ text: 'doc.lines', category: 'dose', date: 'seen', label: 'score' },
    });
    expect(documents[3]).toMatchObject({
      ...{ text: 'HISTORY\nline 3', category: '-0.15', date: '2024-03-04T10:30:00', label: '0.75' },
    });
    expect(documents[0]?.category).toBe('0.00');
  });

  it('is recognised under any name, and refused in one sentence', async () => {
    const file = path.join(folder, 'notes.csv');
    await writeFile(file, await readFile(path.join(fixtures, 'zstd.parquet')));
    expect((await read(file)).documents).toHaveLength(25);
    await expect(read('empty.parquet')).rejects.toThrow(/has no rows/);
    await expect(read(await spoilt('gzip.parquet', 3000))).rejects.toThrow(/damaged Parquet file/);
    await expect(read(await spoilt('gzip.parquet', 8))).rejects.toThrow(/damaged Parquet file/);
    const zipped = path.join(folder, 'notes.parquet.gz');
    await writeFile(zipped, gzipSync(await readFile(path.join(fixtures, 'none.parquet'))));
    await expect(read(zipped)).rejects.toThrow(/compressed: unpack it/);
    await expect(read('none.parquet', {}, { delimiter: ',' })).rejects.toThrow(
      /--delimiter does not apply/,
    );
    await expect(read('none.parquet', { text: 'doc.words' })).rejects.toThrow(/does not have/);
  });
});

describe('A workbook', () => {
  it('is read below its titles, with the sheets of the same columns', async () => {
    const { documents, corpus, problems } = await read('notes.xlsx');
    expect(corpus.fields).toEqual([
      ...['Note ID', 'Note Text', 'Category', 'Patient ID', 'Date', 'Seen', 'Long'],
    ]);
    expect(documents).toHaveLength(13);
    documents.slice(0, 12).forEach((document, i) => {
      expect(document).toMatchObject({
        ...{ id: String(i + 1), text: sentence(i), group: `p${Math.floor(i / 3)}`, row: i + 4 },
        date: new Date(Date.UTC(2024, 2, 1 + i)).toISOString().slice(0, 10),
      });
    });
    expect(documents[12]).toMatchObject({
      id: '13',
      category: 'TRUE',
      date: '1900-01-05',
      row: 17,
    });
    expect(problems).toEqual([
      'notes.xlsx/Notes 2024:1 1 row was left out above the header (--skip-rows 0 to read them).',
      'notes.xlsx/Notes 2024:1 1 cell holds a formula that was never calculated: open the workbook in Excel and save it to read its value.',
      expect.stringMatching(
        /^notes.xlsx\/Notes 2024:1 12 cells hold a number of more than 15 digits/,
      ),
      expect.stringMatching(/^notes.xlsx\/Codes:1 The hidden sheet "Codes" \(1 row\) has other/),
      expect.stringMatching(/32,767/),
    ]);
    expect(corpus.skipped).toBe(1);
  });

  it('has times, dates with times, and numbers as they are shown', async () => {
    const { documents } = await read('notes.xlsx', { category: 'Seen', label: 'Long' });
    expect(documents[0]).toMatchObject({ category: '2024-03-01T10:30:00' });
    expect(documents[12]).toMatchObject({ category: '09:05:00', label: '0.3' });
  });

  it('is read as other programs write it', async () => {
    expect((await read('streamed.xlsx')).documents.map(({ text }) => text)).toEqual(
      [0, 1, 2, 3, 4].map(sentence),
    );
    expect((await read('since1904.xlsx')).documents).toMatchObject([{ date: '2024-03-01' }]);
    const { documents } = await read('shared.xlsx');
    expect(documents.map(({ id, text }) => [id, text])).toEqual([
      ['a_x000D_', 'Slept well\n& ate.'],
      ['7', 'Second note, formatted in runs.'],
    ]);
  });

  it('takes what the user says of its header', async () => {
    const all = await read('streamed.xlsx', { text: 'column 2' }, { header: false });
    expect(all.documents).toHaveLength(6);
    const { corpus, documents } = await read(
      'notes.xlsx',
      { text: 'column 2' },
      { header: false, skipRows: 3 },
    );
    expect(corpus.fields[0]).toBe('column 1');
    expect(documents[0]).toMatchObject({ row: 4 });
  });

  it('that is damaged, old or has a password is refused in one sentence', async () => {
    await expect(read(await spoilt('notes.xlsx', 4))).rejects.toThrow(/damaged or cut off/);
    await expect(read(await spoilt('notes.xlsx', 5000))).rejects.toThrow(/damaged or cut off/);
    const old = path.join(folder, 'old.xls');
    const head = Buffer.from('d0cf11e0a1b11ae1', 'hex');
    await writeFile(
      old,
      Buffer.concat([head, Buffer.alloc(900), Buffer.from('Workbook', 'utf16le')]),
    );
    await expect(read(old)).rejects.toThrow(/older Excel.*save it as \.xlsx/);
  });
});

describe('A date of Excel', () => {
  it.each([
    [14, undefined, 'date'],
    [21, undefined, 'time'],
    [0, undefined, null],
    [164, 'dd/mm/yyyy;@', 'date'],
    [165, '[h]:mm:ss', 'time'],
    [166, '#,##0.00 "days"', null],
    [167, '[$-409]d-mmm-yy', 'date'],
    [168, 'General', null],
    [169, '[Red]0.0', null],
  ] as const)('format %i %s is %s', (id, code, kind) => {
    expect(dateKindOf(id, code)).toBe(kind);
  });

  it.each([
    [45352, '2024-03-01'],
    [45352.4375, '2024-03-01T10:30:00'],
    [1, '1900-01-01'],
    [59, '1900-02-28'],
    [61, '1900-03-01'],
    [0.5, '12:00:00'],
  ])('%f is %s', (serial, date) => {
    expect(dateOfSerial(serial, 'date', false)).toBe(date);
  });
});
