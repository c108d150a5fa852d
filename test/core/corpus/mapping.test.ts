/** The guessed mapping: names by their parts, checked against values. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Corpus } from '../../../src/core/corpus/corpus.js';
import type { Document } from '../../../src/core/corpus/document.js';
import { openCorpus } from '../../../src/core/corpus/openCorpus.js';
import type { FieldMapping } from '../../../src/protocol/catalogue/fieldRoles.js';
import type { Reading } from '../../../src/protocol/catalogue/reading.js';

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(path.join(tmpdir(), 'mapping-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));

type Columns = Readonly<Record<string, (row: number) => string>>;

const note = (row: number): string =>
  `Seen on the ward, comfortable and eating well, number ${row}. Wound clean and dry.`;

async function openTable(
  columns: Columns,
  { mapping = {}, reading, rows = 24 }: Options = {},
): Promise<{ corpus: Corpus; remarks: string }> {
  const lines = Array.from({ length: rows }, (_, row) =>
    Object.values(columns)
      .map((value) => `"${value(row)}"`)
      .join(','),
  );
  const source = path.join(folder, 'notes.csv');
  await writeFile(source, [Object.keys(columns).join(','), ...lines].join('\n'));
  const corpus = await openCorpus({ source, mapping, reading });
  return { corpus, remarks: corpus.problems.map(({ what }) => what).join('\n') };
}

interface Options {
  readonly mapping?: Partial<FieldMapping>;
  readonly reading?: Reading;
  readonly rows?: number;
}

async function documentsOf(corpus: Corpus): Promise<Document[]> {
  const documents: Document[] = [];
  for await (const document of corpus.read()) documents.push(document);
  return documents;
}

describe('The text', () => {
  it.each<[string, Columns, string]>([
    ['a flag has its name', { text: () => 'Y', report_body: note }, 'report_body'],
    ['a number has its name', { note: String, note_body: note }, 'note_body'],
    ['a file has its name', { document: (i) => `letter_${i}.docx`, contents: note }, 'contents'],
    ['a summary is short', { summary: () => 'cough', body_of_note: note }, 'body_of_note'],
    ['its name was cut off', { ID: String, NoteTextConten: note }, 'NoteTextConten'],
    ['several are prose', { history: note, note_text: note }, 'note_text'],
    ['none is named', { a: String, b: note }, 'b'],
    [
      'it has no blanks',
      { id: String, x: () => '患者は病棟で診察を受けました。傷は清潔で乾燥している。' },
      'x',
    ],
    ['all values are short', { code: (i) => `c${i}`, text: () => 'fine' }, 'text'],
  ])('is the column with prose in it where %s', async (_, columns, expected) => {
    const { corpus } = await openTable(columns);
    expect(corpus.mapping.text).toBe(expected);
  });

  it('may be in several columns, and a remark says so', async () => {
    const soap = { id: String, subjective: note, plan: note, ward: () => 'A' };
    const { corpus, remarks } = await openTable(soap);
    expect(corpus.mapping.text).toBe('subjective');
    expect(remarks).toContain('"plan" holds text too: use --text-field for each column');
    const settled = await openTable(soap, { mapping: { text: 'plan' } });
    expect(settled.remarks).toBe('');
  });
});

describe('The other fields', () => {
  it('are found by parts of their names', async () => {
    const { corpus } = await openTable({
      PAT_MRN_ID: (i) => `M${i % 7}`,
      PAT_CLASS: () => 'Inpatient',
      NOTE_ID: String,
      NOTE_TYPE_NAME: () => 'Progress Notes',
      BIRTH_DATE: () => '1950-01-02',
      NoteDateTime: () => '3/14/2024',
      NOTE_TEXT: note,
      harm_severity: (i) => ['Low', 'Severe'][i % 2] ?? '',
    });
    expect(corpus.mapping).toEqual({
      ...{ text: 'NOTE_TEXT', id: 'NOTE_ID', category: 'NOTE_TYPE_NAME', label: 'harm_severity' },
      ...{ group: 'PAT_MRN_ID', date: 'NoteDateTime', split: null },
    });
  });

  it('are not those whose values do not fit', async () => {
    const { corpus, remarks } = await openTable({
      id: (i) => String(i % 3),
      subject: (i) => `Re: visit ${i}`,
      last_date_type: note,
      update: () => 'no',
      text: note,
    });
    expect(corpus.mapping).toMatchObject({ id: null, group: null, category: null, date: null });
    expect(remarks).toContain('"id" is no id, since its values repeat');
  });

  it('are no patient whose value is in every note, or who is the arm of a trial', async () => {
    const constant = { patient_id: () => 'P1', text: note };
    expect((await openTable(constant)).corpus.mapping.group).toBeNull();
    const arms = { group: (i: number) => ['control', 'drug'][i % 2] ?? '', text: note };
    expect((await openTable(arms)).corpus.mapping.group).toBeNull();
    const patients = { subject: (i: number) => `S${i % 9}`, text: note };
    expect((await openTable(patients)).corpus.mapping.group).toBe('subject');
  });

  it('are taken as they are given, whatever their values', async () => {
    const odd = { id: () => '7', group: () => 'x', text: note };
    const { corpus } = await openTable(odd, { mapping: { id: 'id', group: 'group' } });
    expect(corpus.mapping).toMatchObject({ id: 'id', group: 'group' });
    expect((await documentsOf(corpus)).slice(0, 2).map(({ id }) => id)).toEqual(['7', '7#2']);
  });
});

describe('Notes in several rows', () => {
  /** Three lines a note. */
  const lines: Columns = {
    NOTE_ID: (i) => `n${Math.floor(i / 3)}`,
    LINE: (i) => String((i % 3) + 1),
    PAT_ID: (i) => `p${Math.floor(i / 6)}`,
    ward: (i) => (i % 3 === 0 ? 'NULL' : 'A'),
    NOTE_TEXT: (i) => `line ${i} of the note, seen on the ward`,
  };
  const textOf = (first: number): string =>
    [first, first + 1, first + 2].map((i) => lines['NOTE_TEXT']?.(i)).join('\n');

  it('are noticed', async () => {
    const { corpus, remarks } = await openTable(lines);
    expect(corpus.lines).toEqual({ id: 'NOTE_ID', number: 'LINE' });
    expect(remarks).toContain('--join-lines LINE joins them');
  });

  it.each<[string, Columns]>([
    ['visits of a patient', { PAT_ID: lines['NOTE_ID']!, visit: lines['LINE']!, text: note }],
    ['numbered rows', { id: String, row: String, text: note }],
    ['numbers without an id', { LINE: lines['LINE']!, text: note }],
  ])('are not taken for %s', async (_, columns) => {
    expect((await openTable(columns)).corpus.lines).toBeNull();
  });

  it('are joined when the user agrees, with the place of their first row', async () => {
    const { corpus, remarks } = await openTable(lines, {
      reading: { joinLines: 'Line', keep: ['ward'] },
    });
    expect(remarks).toBe('');
    for (let time = 0; time < 2; time++) {
      const documents = await documentsOf(corpus);
      expect(documents).toHaveLength(8);
      expect(documents[1]).toMatchObject({ id: 'n1', text: textOf(3), group: 'p0', row: 5 });
      expect(documents[1]?.fields).toEqual({ ward: 'A' });
    }
    expect(corpus.reading?.joinLines).toBe('LINE');
    expect(corpus.skipped).toBe(0);
  });

  it('are joined in the order of their numbers, wherever they stand', async () => {
    const { corpus } = await openTable(reordered(lines), {
      mapping: { id: 'NOTE_ID' },
      reading: { joinLines: 'LINE' },
    });
    const texts = (await documentsOf(corpus)).map(({ text }) => text).sort();
    expect(texts).toEqual([0, 3, 6, 9, 12, 15, 18, 21].map(textOf).sort());
  });

  it('that lack an id or a number are remarks, and an id is needed', async () => {
    const gaps: Columns = {
      ...lines,
      NOTE_ID: (i) => (i === 23 ? '' : (lines['NOTE_ID']?.(i) ?? '')),
      LINE: (i) => (i === 1 ? '' : i === 4 ? '1' : (lines['LINE']?.(i) ?? '')),
    };
    const { corpus } = await openTable(gaps, {
      mapping: { id: 'NOTE_ID' },
      reading: { joinLines: 'LINE' },
    });
    expect(await documentsOf(corpus)).toHaveLength(9);
    const remarks = corpus.problems.map(({ where, what }) => `${where} ${what}`).join('\n');
    expect(remarks).toContain('notes.csv:2 A line of the note has no number');
    expect(remarks).toContain('notes.csv:5 Lines of the note have the same number');
    expect(remarks).toContain('notes.csv:25 The line has no "NOTE_ID"');
    const nameless = openTable(
      { LINE: lines['LINE']!, text: note },
      { reading: { joinLines: 'LINE' } },
    );
    await expect(nameless).rejects.toThrow('--id-field');
  });
});

/** The same rows, each line of all notes before the next. */
function reordered(columns: Columns): Columns {
  return Object.fromEntries(
    Object.entries(columns).map(([name, value]) => [
      name,
      (i: number) => value((i % 8) * 3 + Math.floor(i / 8)),
    ]),
  );
}
