/** Every setting of how notes are read, for every reader: it works, or is refused in a sentence. */
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Corpus } from '../../src/core/corpus/corpus.js';
import type { Document } from '../../src/core/corpus/document.js';
import { openCorpus } from '../../src/core/corpus/openCorpus.js';
import type { FieldMapping } from '../../src/protocol/catalogue/fieldRoles.js';
import { readerNames } from '../../src/protocol/catalogue/readers.js';
import type { ReaderName } from '../../src/protocol/catalogue/readers.js';
import { firstFolderField } from '../../src/protocol/catalogue/reading.js';
import type { Reading } from '../../src/protocol/catalogue/reading.js';
import type { Place } from '../../src/protocol/catalogue/readingSettings.js';
import { readingSettings } from '../../src/protocol/catalogue/readingSettings.js';
import { zipOf } from '../core/corpus/letters/madeLetters.js';

type Values = Readonly<Record<string, string>>;

/** As test/fixtures/records/make_records.py has them too. */
const rows: readonly Values[] = [
  {
    ...{ note_id: 'n1', line: '1', text: 'Seen at home, well and walking about.' },
    ...{ plan: 'Review on Friday with bloods.', ward: 'A', seen: '03/04/2024', age: '70' },
  },
  {
    ...{ note_id: 'n1', line: '2', text: 'Slept badly, and ate little since.' },
    ...{ plan: 'Call again on Monday.', ward: 'A', seen: '03/04/2024', age: '70' },
  },
  {
    ...{ note_id: 'n2', line: '1', text: 'Came to the clinic by bus.' },
    ...{ plan: 'Nothing more to be done here.', ward: 'B', seen: '05/06/2024', age: '81' },
  },
];

interface Kind {
  readonly name: string;
  readonly kind: ReaderName;
  /** Of a delimited table. */
  readonly delimiter?: string;
  /** Settings that work; all others are refused. */
  readonly works: readonly string[];
  /** Writes notes below `folder`; `raw` instead of them in a delimited table. */
  readonly write: (
    folder: string,
    notes: readonly Values[],
    ending?: string,
    raw?: string | null,
  ) => Promise<string>;
}

const ofTables = [
  'text field',
  'format',
  'missingValues',
  'dateOrder',
  'joinLines',
  'keep',
  'moreText',
];
const ofCut = ['delimiter', 'quote', 'escape', 'header', 'skipRows', 'encoding'];

function written(usual: string, format: (notes: readonly Values[]) => string): Kind['write'] {
  return async (folder, notes, ending = usual, raw = null) => {
    const file = path.join(folder, `notes${ending}`);
    await writeFile(file, raw ?? format(notes));
    return file;
  };
}

function delimited(notes: readonly Values[], delimiter: string): string {
  const lines = [Object.keys(notes[0] ?? {}), ...notes.map((note) => Object.values(note))];
  return lines.map((line) => `"${line.join(`"${delimiter}"`)}"\n`).join('');
}

function sheet(notes: readonly Values[]): string {
  const lines = [Object.keys(notes[0] ?? {}), ...notes.map((note) => Object.values(note))];
  const cell = (value: string): string => `<c t="inlineStr"><is><t>${value}</t></is></c>`;
  return lines.map((line) => `<row>${line.map(cell).join('')}</row>`).join('');
}

const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const fixture = new URL('../fixtures/records/settings.parquet', import.meta.url);

const kinds: readonly Kind[] = [
  {
    ...{ name: 'CSV', kind: 'csv', delimiter: ',', works: [...ofTables, ...ofCut] },
    write: written('.csv', (notes) => delimited(notes, ',')),
  },
  {
    ...{ name: 'TSV', kind: 'tsv', delimiter: '\t', works: [...ofTables, ...ofCut] },
    write: written('.tsv', (notes) => delimited(notes, '\t')),
  },
  {
    ...{ name: 'a folder of parts', kind: 'csv', delimiter: ',', works: [...ofTables, ...ofCut] },
    async write(folder, notes, ending = '.csv', raw = null) {
      const root = path.join(folder, 'parts');
      await mkdir(root);
      const content = raw ?? delimited(notes, ',');
      await writeFile(path.join(root, `part-0001${ending}`), content);
      return root;
    },
  },
  {
    ...{ name: 'JSON Lines', kind: 'jsonl', works: [...ofTables, 'encoding'] },
    write: written('.jsonl', (notes) => notes.map((note) => `${JSON.stringify(note)}\n`).join('')),
  },
  {
    ...{ name: 'JSON', kind: 'json', works: [...ofTables, 'encoding'] },
    write: written('.json', (notes) => JSON.stringify(notes, null, 1)),
  },
  {
    ...{ name: 'XML', kind: 'xml', works: [...ofTables, 'encoding'] },
    write: written('.xml', (notes) => {
      const element = ([name, value]: [string, string]): string => `<${name}>${value}</${name}>`;
      const each = notes.map(
        (note) => `<note>${Object.entries(note).map(element).join('')}</note>`,
      );
      return `<notes>\n${each.join('\n')}\n</notes>\n`;
    }),
  },
  {
    ...{ name: 'Parquet', kind: 'parquet', works: ofTables },
    async write(folder, _notes, ending = '.parquet') {
      const file = path.join(folder, `notes${ending}`);
      await copyFile(fileURLToPath(fixture), file);
      return file;
    },
  },
  {
    ...{ name: 'Excel', kind: 'xlsx', works: [...ofTables, 'header', 'skipRows'] },
    async write(folder, notes, ending = '.xlsx') {
      const file = path.join(folder, `notes${ending}`);
      const zip = zipOf({
        'xl/workbook.xml': `<workbook xmlns:r="${office}"><sheets><sheet name="Notes" r:id="a"/></sheets></workbook>`,
        'xl/_rels/workbook.xml.rels': `<Relationships><Relationship Id="a" Type="${office}/worksheet" Target="worksheets/a.xml"/></Relationships>`,
        'xl/worksheets/a.xml': `<worksheet><sheetData>${sheet(notes)}</sheetData></worksheet>`,
      });
      await writeFile(file, zip);
      return file;
    },
  },
  {
    name: 'a folder of letters',
    kind: 'folder',
    works: ['missingValues', 'dateOrder', 'keep', 'encoding', 'group from folder'],
    async write(folder, notes) {
      const root = path.join(folder, 'letters');
      const lines: string[] = ['file,note_id,ward,seen,age'];
      for (const [
        i,
        { text = '', note_id = '', ward = '', seen = '', age = '' },
      ] of notes.entries()) {
        await mkdir(path.join(root, note_id), { recursive: true });
        await writeFile(path.join(root, note_id, `${i}.txt`), text);
        lines.push(`${note_id}/${i}.txt,${note_id},${ward},${seen},${age}`);
      }
      await writeFile(path.join(root, 'metadata.csv'), lines.join('\n'));
      return root;
    },
  },
];

interface Case {
  /** As `works` has it. */
  readonly setting: string;
  readonly reading?: Reading;
  readonly mapping?: Partial<FieldMapping>;
  /** Notes instead of those above. */
  readonly notes?: readonly Values[];
  /** The text of a delimited table, instead of notes. */
  readonly raw?: (delimiter: string) => string;
  /** Whether the file's ending is that of another kind. */
  readonly isMisnamed?: true;
  /** Fails if the setting was passed over. */
  readonly gives: (documents: readonly Document[], corpus: Corpus) => void;
  /** Kinds that are read so without the setting too. */
  readonly guessed?: readonly ReaderName[];
}

const cases: readonly Case[] = [
  {
    setting: 'delimiter',
    reading: { delimiter: '|' },
    raw: (delimiter) =>
      `id${delimiter}a|text${delimiter}b\n` +
      [1, 2, 3].map((i) => `${i}${delimiter}x|Seen at home and well${delimiter}y\n`).join(''),
    gives: (_, { fields }) => expect(fields).toHaveLength(2),
  },
  {
    setting: 'quote',
    reading: { quote: 'none' },
    raw: (delimiter) => `id${delimiter}text\n1${delimiter}"Seen at home"\n2${delimiter}"Well"\n`,
    gives: ([first]) => expect(first?.text).toBe('"Seen at home"'),
  },
  {
    setting: 'escape',
    reading: { escape: 'doubled' },
    raw: (delimiter) =>
      `id${delimiter}text\n` +
      [1, 2, 3].map((i) => `${i}${delimiter}"Seen \\"at home\\" and well"\n`).join(''),
    gives: ([first]) => expect(first?.text).toContain('\\'),
  },
  {
    setting: 'header',
    reading: { header: false },
    gives: (documents) => expect(documents).toHaveLength(4),
  },
  {
    setting: 'skipRows',
    reading: { skipRows: 2, header: false },
    gives: (documents) => expect(documents).toHaveLength(2),
  },
  {
    setting: 'encoding',
    reading: { encoding: 'windows-1252' },
    notes: rows.map((row) => ({ ...row, text: `${row['text'] ?? ''} Café.` })),
    gives: (documents) => expect(documents.every(({ text }) => text.endsWith('CafÃ©.'))).toBe(true),
  },
  {
    setting: 'format',
    isMisnamed: true,
    gives: (documents) => expect(documents).toHaveLength(3),
    guessed: ['json', 'jsonl', 'xml', 'parquet', 'xlsx'],
  },
  {
    setting: 'missingValues',
    reading: { missingValues: ['A'] },
    mapping: { category: 'ward' },
    gives: (documents) =>
      expect(documents.map(({ category }) => category)).toEqual([null, null, 'B']),
  },
  {
    setting: 'dateOrder',
    reading: { dateOrder: 'month-first' },
    mapping: { date: 'seen' },
    gives: ([first]) => expect(first?.date).toBe('2024-03-04'),
  },
  {
    setting: 'joinLines',
    reading: { joinLines: 'line' },
    mapping: { id: 'note_id' },
    gives: ([first]) => expect(first?.text.split('\n')).toHaveLength(2),
  },
  {
    setting: 'keep',
    reading: { keep: ['age'] },
    gives: ([first]) => expect(first?.fields).toEqual({ age: 70 }),
  },
  {
    setting: 'moreText',
    reading: { moreText: ['plan'] },
    mapping: { text: 'text' },
    gives: ([first]) => expect(first?.text).toContain('plan:\nReview'),
  },
  {
    setting: 'text field',
    mapping: { text: 'plan' },
    gives: ([first]) => expect(first?.text).toMatch(/^Review/),
  },
  {
    setting: 'group from folder',
    mapping: { group: firstFolderField },
    gives: (documents) => expect(documents.map(({ group }) => group)).toEqual(['n1', 'n1', 'n2']),
  },
];

let base: string;
let count = 0;
beforeAll(async () => void (base = await mkdtemp(path.join(tmpdir(), 'settings-'))));
afterAll(() => rm(base, { recursive: true, force: true }));

async function sourceFor(kind: Kind, each: Case): Promise<string> {
  const folder = path.join(base, String(count++));
  await mkdir(folder);
  const { notes = rows, isMisnamed = false } = each;
  const ending = kind.kind === 'xml' ? '.json' : '.xml';
  const text = kind.delimiter === undefined ? null : (each.raw?.(kind.delimiter) ?? null);
  return kind.write(folder, notes, isMisnamed ? ending : undefined, text);
}

/** What the case says of a corpus that is read in this way. */
async function judge(
  each: Case,
  source: string,
  mapping: Partial<FieldMapping>,
  reading: Reading,
  place?: Place,
): Promise<void> {
  const corpus = await openCorpus({ source, mapping, reading }, undefined, place);
  const documents: Document[] = [];
  for await (const document of corpus.read()) documents.push(document);
  each.gives(documents, corpus);
}

describe.each(kinds)('In $name', (kind) => {
  it.each(cases)('$setting works, or is refused in a sentence', async (each) => {
    const { setting, reading = {}, mapping = {}, guessed = [] } = each;
    const given = setting === 'format' && kind.kind !== 'folder' ? { format: kind.kind } : reading;
    const asked =
      setting === 'format' && kind.kind === 'folder' ? { format: 'csv' as const } : given;
    const source = await sourceFor(kind, each);
    if (kind.works.includes(setting)) {
      await judge(each, source, mapping, asked);
      if (!guessed.includes(kind.kind)) {
        const fields = setting in readingSettings ? mapping : {};
        await expect(judge(each, source, fields, {})).rejects.toThrow();
      }
      return;
    }
    const refusal = /does not apply to .*: leave it out\.$|which the corpus does not have/;
    await expect(judge(each, source, mapping, asked)).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringMatching(refusal) as string,
    });
    await expect(judge(each, source, mapping, asked, 'panel')).rejects.toMatchObject({
      message: expect.not.stringMatching(/--[a-z]/) as string,
    });
  });
});

it('is asked of every reader and every setting', () => {
  expect(new Set(kinds.map(({ kind }) => kind))).toEqual(new Set(readerNames));
  const settings = cases.map(({ setting }) => setting);
  expect(settings).toEqual(expect.arrayContaining([...Object.keys(readingSettings), 'moreText']));
});

it.each<[string, Reading, RegExp]>([
  ['no delimiter', { delimiter: '' }, /a character or two/],
  ['a line break between values', { delimiter: '\n' }, /no line break/],
  ['a quote between values', { delimiter: '"' }, /no quote/],
  ['how quotes are escaped, without quotes', { quote: 'none', escape: 'doubled' }, /leave one/],
  ['an encoding that does not exist', { encoding: 'klingon' }, /no encoding "klingon"/],
  ['more lines than there are', { skipRows: 40 }, /no table below 40 lines: skip fewer/],
  ['another format', { format: 'json' }, /no record that is a JSON object/],
  ['a workbook', { format: 'xlsx' }, /is damaged or cut off/],
  ['XML', { format: 'xml' }, /no record that is an XML element/],
  ['Parquet', { format: 'parquet' }, /a damaged Parquet file/],
  ['a column that is not there', { keep: ['bed'] }, /"bed", which the corpus does not have/],
  ['lines of a column that is not there', { joinLines: 'bed' }, /numbered by "bed", which/],
  ['dates where there are none', { dateOrder: 'day-first' }, /name one with --date-field/],
])('Refuses %s', async (_, reading, sentence) => {
  const source = path.join(base, 'plain.csv');
  await writeFile(source, 'note_id,text\n1,"Seen at home, and well"\n2,"Came by bus, and left"\n');
  const corpus = async (): Promise<void> => {
    const opened = await openCorpus({ source, mapping: {}, reading });
    for await (const _document of opened.read()) continue;
  };
  await expect(corpus()).rejects.toMatchObject({
    message: expect.stringMatching(sentence) as string,
  });
});
