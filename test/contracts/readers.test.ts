/** One suite for every kind of source: whatever holds the notes, the documents are the same. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Document } from '../../src/core/corpus/document.js';
import { openCorpus } from '../../src/core/corpus/openCorpus.js';
import type { FieldMapping } from '../../src/protocol/catalogue/fieldRoles.js';
import type { ReaderName } from '../../src/protocol/catalogue/readers.js';

interface Note {
  readonly id: string;
  readonly text: string;
  readonly category: string;
  readonly patient_id: string;
  readonly date: string;
}

/** Commas, quotes, delimiters, line breaks, accents, an empty field. */
const notes: readonly Note[] = [
  {
    id: 'a',
    text: 'PC: cough; 3/7.\n\n"Chesty", he says.',
    category: 'ED',
    patient_id: 'p1',
    date: '2024-02-03',
  },
  {
    id: 'b',
    text: 'Café-au-lait spots, naïve… temp 38.5°C',
    category: 'nursing',
    patient_id: 'p1',
    date: '2024-02-13',
  },
  {
    id: 'c',
    text: '  leading\tand trailing blanks kept  ',
    category: '',
    patient_id: 'p2',
    date: '2023-12-31',
  },
  {
    id: 'd',
    text: 'a | b ; c , d\r\nWindows line',
    category: 'ED',
    patient_id: 'p2',
    date: '2024-01-01',
  },
];

type Encode = (text: string) => Buffer;

/** Characters of these notes that Windows-1252 has elsewhere than Latin-1. */
const windows1252: Encode = (text) => Buffer.from(text.replaceAll('…', '\u0085'), 'latin1');

const encodings: Readonly<Record<string, Encode>> = {
  'utf-8': (text) => Buffer.from(text, 'utf8'),
  'utf-8 with a mark': (text) => Buffer.from(`\ufeff${text}`, 'utf8'),
  'utf-16le with a mark': (text) => Buffer.from(`\ufeff${text}`, 'utf16le'),
  'utf-16be with a mark': (text) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16(),
  'utf-16le without a mark': (text) => Buffer.from(text, 'utf16le'),
  'windows-1252': windows1252,
};

interface Kind {
  readonly name: string;
  readonly kind: ReaderName;
  readonly zips: boolean;
  /** Writes the corpus below `folder` and returns its source. */
  readonly write: (
    folder: string,
    rows: readonly Note[],
    encode: Encode,
    gzip: boolean,
  ) => Promise<string>;
}

function table(extension: string, delimiter: string, newline = '\n'): Kind['write'] {
  return (folder, rows, encode, gzip) => {
    const cell = (value: string): string => `"${value.replaceAll('"', '""')}"`;
    const lines = [Object.keys(notes[0] ?? {}), ...rows.map((row) => Object.values(row).map(cell))];
    return save(
      folder,
      extension,
      lines.map((line) => line.join(delimiter) + newline).join(''),
      encode,
      gzip,
    );
  };
}

async function save(
  folder: string,
  extension: string,
  text: string,
  encode: Encode,
  gzip: boolean,
): Promise<string> {
  const file = path.join(folder, `notes.${extension}${gzip ? '.gz' : ''}`);
  await writeFile(file, gzip ? gzipSync(encode(text)) : encode(text));
  return file;
}

const kinds: readonly Kind[] = [
  { name: 'CSV', kind: 'csv', zips: true, write: table('csv', ',') },
  {
    name: 'CSV with semicolons and CRLF',
    kind: 'csv',
    zips: true,
    write: table('csv', ';', '\r\n'),
  },
  { name: 'TSV', kind: 'tsv', zips: true, write: table('tsv', '\t') },
  {
    name: 'JSON Lines',
    kind: 'jsonl',
    zips: true,
    write: (folder, rows, encode, gzip) =>
      save(folder, 'jsonl', rows.map((row) => `${JSON.stringify(row)}\n`).join(''), encode, gzip),
  },
  {
    name: 'JSON list',
    kind: 'json',
    zips: true,
    write: (folder, rows, encode, gzip) =>
      save(folder, 'json', JSON.stringify(rows, null, 2), encode, gzip),
  },
  {
    name: 'JSON list on one line, under another name',
    kind: 'json',
    zips: true,
    write: (folder, rows, encode, gzip) =>
      save(folder, 'txt', JSON.stringify({ source: 'ward', data: { notes: rows } }), encode, gzip),
  },
  {
    name: 'JSON objects one after another',
    kind: 'json',
    zips: true,
    write: (folder, rows, encode, gzip) =>
      save(folder, 'jsonl', rows.map((row) => JSON.stringify(row)).join(''), encode, gzip),
  },
  {
    name: 'folder with metadata.csv',
    kind: 'folder',
    zips: false,
    async write(folder, rows, encode) {
      const root = path.join(folder, 'notes');
      await mkdir(root, { recursive: true });
      const meta = ['file,id,category,patient_id,date'];
      for (const [i, row] of rows.entries()) {
        await writeFile(path.join(root, `${i}.txt`), encode(row.text));
        meta.push(`${i}.txt,${row.id},${row.category},${row.patient_id},${row.date}`);
      }
      await writeFile(path.join(root, 'metadata.csv'), encode(`${meta.join('\n')}\n`));
      return root;
    },
  },
];

let base: string;
let count = 0;
beforeAll(async () => {
  base = await mkdtemp(path.join(tmpdir(), 'readers-'));
});
afterAll(() => rm(base, { recursive: true, force: true }));

async function freshFolder(): Promise<string> {
  const folder = path.join(base, String(count++));
  await mkdir(folder);
  return folder;
}

async function readAll(
  source: string,
  mapping: Partial<FieldMapping> = {},
): Promise<{ documents: Document[]; problems: readonly { where: string; what: string }[] }> {
  const corpus = await openCorpus({ source, mapping });
  const documents: Document[] = [];
  for await (const document of corpus.read()) documents.push(document);
  return { documents, problems: corpus.problems };
}

function facts(documents: readonly Document[]): unknown[] {
  return documents.map(({ id, text, category, group, date }) => ({
    id,
    text,
    category,
    group,
    date,
  }));
}

const expected = notes.map(({ id, text, category, patient_id, date }) => ({
  id,
  text,
  category: category === '' ? null : category,
  group: patient_id,
  date,
}));

const utf8 = encodings['utf-8'] as Encode;

describe.each(kinds.filter(({ zips }) => zips))('$name, compressed', ({ write }) => {
  it('reads gzip, whatever the encoding inside', async () => {
    for (const encode of Object.values(encodings)) {
      const { documents } = await readAll(await write(await freshFolder(), notes, encode, true));
      expect(facts(documents)).toEqual(expected);
    }
  });

  it('says that a cut-off gzip file is damaged', async () => {
    const many = Array.from({ length: 3000 }, (_, i) => ({ ...notes[0], id: String(i) }) as Note);
    const file = await write(await freshFolder(), many, utf8, true);
    const whole = gzipSync(Buffer.from(many.map((note) => JSON.stringify(note)).join('\n')));
    await writeFile(file, whole.subarray(0, whole.length / 2));
    await expect(readAll(file)).rejects.toThrow(/damaged or cut-off gzip file/);
  });
});

describe.each(kinds)('$name', ({ kind, write }) => {
  it.each(Object.entries(encodings))('reads %s', async (_name, encode) => {
    const { documents, problems } = await readAll(
      await write(await freshFolder(), notes, encode, false),
    );
    expect(facts(documents)).toEqual(expected);
    // An encoding that only the text's plausibility speaks for is named.
    const isGuess = encode === windows1252;
    expect(problems.map(({ what }) => what)).toEqual(
      isGuess ? [expect.stringMatching(/encoding is a guess \(windows-1252\)/i)] : [],
    );
  });

  it('guesses the mapping, shows it and offers the fields', async () => {
    const corpus = await openCorpus({
      source: await write(await freshFolder(), notes, utf8, false),
      mapping: {},
    });
    expect(corpus.kind).toBe(kind);
    expect(corpus.mapping).toEqual({
      text: kind === 'folder' ? null : 'text',
      id: 'id',
      category: 'category',
      label: null,
      group: 'patient_id',
      date: 'date',
      split: null,
    });
    expect(corpus.fields).toEqual(expect.arrayContaining(['id', 'category', 'patient_id', 'date']));
  });

  it('takes the mapping that it is given, "none" included', async () => {
    const source = await write(await freshFolder(), notes, utf8, false);
    const { documents } = await readAll(source, {
      category: 'patient_id',
      group: null,
      label: 'category',
    });
    expect(documents.map(({ category, group, label }) => [category, group, label])).toEqual([
      ['p1', null, 'ED'],
      ['p1', null, 'nursing'],
      ['p2', null, null],
      ['p2', null, 'ED'],
    ]);
  });

  it('refuses a mapped field that is not there, and names those that are', async () => {
    const source = await write(await freshFolder(), notes, utf8, false);
    await expect(openCorpus({ source, mapping: { category: 'ward' } })).rejects.toThrow(
      /"ward".*"category", "patient_id", "date"/,
    );
    await expect(openCorpus({ source, mapping: { category: 'ward' } })).rejects.toMatchObject({
      kind: 'usage',
    });
  });

  it('reports an empty text and a repeated id, once, and never note text', async () => {
    const secret = 'Zaphod Beeblebrox';
    const rows = [
      { ...(notes[0] as Note), text: secret },
      { ...(notes[1] as Note), text: ' \n ' },
      { ...(notes[2] as Note), id: 'a' },
    ];
    const corpus = await openCorpus({
      source: await write(await freshFolder(), rows, utf8, false),
      mapping: {},
    });
    for (let reading = 0; reading < 2; reading++) {
      const ids: string[] = [];
      for await (const { id } of corpus.read()) ids.push(id);
      expect(ids).toEqual(['a', 'a#2']);
      expect(corpus.problems.map(({ what }) => what)).toEqual([
        expect.stringContaining('no text'),
        expect.stringContaining('not unique'),
      ]);
    }
    expect(corpus.problems.every(({ where }) => /^[^:]+:\d+$/.test(where))).toBe(true);
    expect(JSON.stringify(corpus.problems)).not.toContain('Zaphod');
  });

  it('decides over all dates which number is the day', async () => {
    const rows = (dates: string[]): Note[] =>
      dates.map((date, i) => ({ ...(notes[i % 2] as Note), id: String(i), date }));
    const dates = async (written: string[]): Promise<(string | null)[]> => {
      const { documents } = await readAll(
        await write(await freshFolder(), rows(written), utf8, false),
      );
      return documents.map(({ date }) => date);
    };
    expect(await dates(['03/04/2024', '01/02/2024', '25/12/2023'])).toEqual([
      '2024-04-03',
      '2024-02-01',
      '2023-12-25',
    ]);
    expect(await dates(['03/04/2024', '01/02/2024', '12/25/2023'])).toEqual([
      '2024-03-04',
      '2024-01-02',
      '2023-12-25',
    ]);
    expect(await dates(['03/04/2024', '01/02/2024'])).toEqual(['2024-04-03', '2024-02-01']);
  });

  it('stops when it is told to', async () => {
    const many = Array.from({ length: 500 }, (_, i) => ({ ...(notes[0] as Note), id: String(i) }));
    const corpus = await openCorpus({
      source: await write(await freshFolder(), many, utf8, false),
      mapping: {},
    });
    const controller = new AbortController();
    const read = async (): Promise<number> => {
      let seen = 0;
      for await (const document of corpus.read(controller.signal)) {
        expect(document.text).not.toBe('');
        if (++seen === 3) controller.abort();
      }
      return seen;
    };
    await expect(read()).rejects.toMatchObject({ name: 'Cancelled' });
  });
});
