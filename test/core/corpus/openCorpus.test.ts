import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Corpus } from '../../../src/core/corpus/corpus.js';
import type { Document } from '../../../src/core/corpus/document.js';
import type { FieldMapping } from '../../../src/protocol/catalogue/fieldRoles.js';
import { openCorpus } from '../../../src/core/corpus/openCorpus.js';
import { summariseCorpus } from '../../../src/core/corpus/summary.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'corpus-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function put(name: string, content: string | Buffer): Promise<string> {
  const file = path.join(folder, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, content);
  return file;
}

async function openAndRead(
  source: string,
  mapping: Partial<FieldMapping> = {},
): Promise<{ corpus: Corpus; documents: Document[] }> {
  const corpus = await openCorpus({ source, mapping });
  const documents: Document[] = [];
  for await (const document of corpus.read()) documents.push(document);
  return { corpus, documents };
}

describe('a folder', () => {
  it('is read with its sub-folders as categories, in order, without dot-folders', async () => {
    await put('ward/b.txt', 'second');
    await put('ward/a.md', '# first');
    await put('clinic/deep/c.txt', 'third');
    await put('.notespace/runs/x.txt', 'ours');
    await put('.hidden.txt', 'ours');
    await put('ward/picture.png', Buffer.from([1, 2, 3]));
    const { corpus, documents } = await openAndRead(folder);
    expect(documents.map(({ id, category }) => [id, category])).toEqual([
      ['clinic/deep/c.txt', 'clinic/deep'],
      ['ward/a.md', 'ward'],
      ['ward/b.txt', 'ward'],
    ]);
    expect(corpus.mapping.category).toBe('folder');
    expect(corpus.problems).toEqual([
      {
        where: `${path.basename(folder)}:1`,
        what: '1 file ending in .png was not read: put it through text recognition (OCR) if it is a scan.',
        skipped: false,
      },
    ]);
  });

  it('keeps offsets: the text is the file without its byte-order mark', async () => {
    await put('a.txt', '\ufeff  one\r\ntwo\n');
    expect((await openAndRead(folder)).documents[0]?.text).toBe('  one\r\ntwo\n');
  });

  it('names what it cannot use and reads the rest', async () => {
    await put('a.txt', 'fine');
    await put('letter.doc', Buffer.from('d0cf11e0a1b11ae1', 'hex'));
    await put('locked.docx', Buffer.from('d0cf11e0a1b11ae1', 'hex'));
    await put('scan.PDF', '%PDF-1.4');
    await put('odd.txt', Buffer.from([0x50, 0x00, 0x01, 0x02, 0xff, 0x00, 0x00, 0x03]));
    await put('blank.txt', '\n');
    await put('a.odt', 'PK');
    await put('b.odt', 'PK');
    const { corpus, documents } = await openAndRead(folder);
    expect(documents.map(({ id }) => id)).toEqual(['a.txt']);
    expect(
      corpus.problems.map(({ where, what }) => [where.replace(/^corpus-\w+/, ''), what]),
    ).toEqual([
      [':1', '2 files ending in .odt were not read: save them as .docx.'],
      ['blank.txt:1', 'The note has no text; it was skipped.'],
      ['letter.doc:1', 'The file is in the format of Word before 2007: save it as .docx.'],
      ['locked.docx:1', 'The file is protected by a password: save a copy without one.'],
      ['odd.txt:1', 'The file is not text; it was skipped.'],
      ['scan.PDF:1', 'The file is damaged or cut off: copy it again from its source.'],
    ]);
    expect(corpus.skipped).toBe(7);
  });

  it('does not follow links in circles', async () => {
    await put('ward/a.txt', 'one');
    await symlink(folder, path.join(folder, 'ward', 'up'));
    await symlink(path.join(folder, 'gone'), path.join(folder, 'dangling.txt'));
    const { documents } = await openAndRead(folder);
    expect(documents.map(({ id }) => id)).toEqual(['ward/a.txt']);
  });

  it('joins metadata.csv by file, and says where the two differ', async () => {
    await put('sub/a.txt', 'one');
    await put('b.txt', 'two');
    await put(
      'metadata.csv',
      'file,ward,patient_id\nsub\\a.txt,7,p1\ngone.txt,8,p2\nsub/a.txt,9,p3\n',
    );
    const { corpus, documents } = await openAndRead(folder, { category: 'ward' });
    expect(documents.map(({ id, category, group }) => [id, category, group])).toEqual([
      ['b.txt', null, null],
      ['sub/a.txt', '7', 'p1'],
    ]);
    expect(corpus.problems.map(({ where, what }) => [where, what])).toEqual([
      ['b.txt:1', '1 note has no row in metadata.csv; this is the first.'],
      [
        'metadata.csv:3',
        '1 row names no note in this folder, or more than one; this is the first.',
      ],
      ['metadata.csv:4', '1 row is of a note that has an earlier row; this is the first.'],
    ]);
    expect(corpus.skipped).toBe(0);
  });

  it('says what to do when there are no notes', async () => {
    await expect(openAndRead(folder)).rejects.toThrow(
      /holds no \.txt or \.md notes: choose another/,
    );
    await put('README.md', 'x');
    await expect(openAndRead(folder)).rejects.toThrow(/only README\.md, about the data/);
    await put('letter.odt', 'PK');
    await expect(openAndRead(folder)).rejects.toThrow(
      /1 documents? of other kinds \(\.odt\): save them as \.txt/,
    );
    await put('export.csv', 'text\nx\n');
    await expect(openAndRead(folder)).rejects.toThrow(/name the file export\.csv/);
    await put('deep/other.tsv', 'text\tid\nx\t1\n');
    await expect(openAndRead(folder)).rejects.toThrow(
      /but 2 tables: name one of them instead \(deep\/other\.tsv and export\.csv\)/,
    );
    await put('a.txt', 'x');
    await put('metadata.csv', 'name,ward\na.txt,7\n');
    await expect(openAndRead(folder)).rejects.toThrow(/metadata\.csv has no column "file"/);
  });
});

describe('a source that cannot be used', () => {
  it.each([
    ['missing.csv', null, /There is no file or folder .*missing\.csv: check the path/],
    ['notes.docm', 'PK', /notes\.docm is of a kind that cannot be read/],
    [
      'notes.csv',
      Buffer.from([0x50, 0x4b, 0x03, 0x04, 0x00, 0x00, 0x08]),
      /notes\.csv is not a text file/,
    ],
    ['empty.csv', '', /empty\.csv is empty/],
    ['empty.jsonl', '\n\n', /has no record that is a JSON object/],
    [
      'codes.csv',
      'a,b\n1,2\n',
      /No field looks like the text of a note: map the text to one of "a", "b"/,
    ],
  ])('%s: one sentence', async (name, content, sentence) => {
    const source = content === null ? path.join(folder, name) : await put(name, content);
    const failed = openAndRead(source);
    await expect(failed).rejects.toThrow(sentence);
    await expect(failed).rejects.toMatchObject({ name: 'UserError', kind: 'usage' });
  });

  it('names the line of a value that is never closed, and reads the rest', async () => {
    const source = await put(
      'notes.csv',
      'id,text\n1,"fine, too"\n2,"never closed\nand on\n3,"read, as well"\n',
    );
    const { corpus, documents } = await openAndRead(source);
    expect(documents.map(({ id, row }) => [id, row])).toEqual([
      ['1', 2],
      ['3', 5],
    ]);
    expect(corpus.problems).toEqual([
      {
        where: 'notes.csv:3',
        what: 'The record cannot be read, because a quote is missing or one too many: lines 3 to 4 were skipped.',
        skipped: true,
      },
    ]);
  });
});

describe('a table', () => {
  it('gives each row the line on which it begins', async () => {
    const source = await put('t.csv', 'text\n"one\ntwo"\nthree\n\n"four"\n');
    const { documents } = await openAndRead(source);
    expect(documents.map(({ id, row, text }) => [id, row, text])).toEqual([
      ['row-2', 2, 'one\ntwo'],
      ['row-4', 4, 'three'],
      ['row-6', 6, 'four'],
    ]);
  });

  it('skips rows with too many values, and keeps those with too few', async () => {
    const source = await put(
      't.csv',
      'id,text,label\n1,a note,x\n2,cut, here,y\n3,short\n4,blank end,z,,\n',
    );
    const { corpus, documents } = await openAndRead(source);
    expect(documents.map(({ id, label }) => [id, label])).toEqual([
      ['1', 'x'],
      ['3', null],
      ['4', 'z'],
    ]);
    expect(corpus.problems).toEqual([
      {
        where: 't.csv:3',
        what: expect.stringContaining('4 values for 3 columns') as unknown,
        skipped: true,
      },
      {
        where: 't.csv:4',
        what: '1 row has fewer values than the 3 columns: the values at the end are empty.',
        skipped: false,
      },
    ]);
  });

  it('knows the line that Excel writes, unnamed columns and repeated names', async () => {
    const source = await put('t.csv', 'sep=|\r\ntext|x||x\r\nhello|1|2|3\r\n');
    const { corpus, documents } = await openAndRead(source, { label: 'x (2)' });
    expect(corpus.fields).toEqual(['text', 'x', 'column 3', 'x (2)']);
    expect(documents[0]).toMatchObject({ text: 'hello', label: '3', row: 3 });
  });

  it('reads a file of mixed encodings line by line', async () => {
    const source = await put(
      't.csv',
      Buffer.concat([
        Buffer.from('text\ncafé “utf-8”\n'),
        Buffer.from([0x93, 0x63, 0x61, 0x66, 0xe9, 0x94, 0x0a]),
      ]),
    );
    const { documents } = await openAndRead(source);
    expect(documents.map(({ text }) => text)).toEqual(['café “utf-8”', '“café”']);
  });
});

describe('JSON Lines', () => {
  it('names broken lines by number, skips and counts them', async () => {
    const source = await put(
      'n.jsonl',
      '{"text":"one"}\nnot json\n\n[1,2]\n{"text":"two","labels":["x","y"],"n":5}\n{"text":"cut\n',
    );
    const { corpus, documents } = await openAndRead(source, { id: 'n' });
    expect(documents.map(({ id, label }) => [id, label])).toEqual([
      ['row-1', null],
      ['5', 'x; y'],
    ]);
    expect(corpus.problems.map(({ where }) => where)).toEqual([
      'n.jsonl:2',
      'n.jsonl:4',
      'n.jsonl:6',
    ]);
  });

  it('finds a mapped field however late it first appears, and no inherited one', async () => {
    const lines = Array.from({ length: 300 }, (_, i) => JSON.stringify({ text: `note ${i}` }));
    const source = await put('n.jsonl', [...lines, '{"text":"last","ward":"7"}'].join('\n'));
    const { documents } = await openAndRead(source, { category: 'ward' });
    expect(documents.at(-1)?.category).toBe('7');
    await expect(openAndRead(source, { category: 'toString' })).rejects.toThrow(/"toString"/);
  });
});

describe('what is in a corpus', () => {
  it('counts what was skipped in one reading, however many read before and whatever is listed', async () => {
    const blank = Array.from({ length: 10_050 }, (_, i) => `${i},,`).join('\n');
    const source = await put('t.csv', `id,text,date\n1,one,2020-01-01\n1,two,never\n${blank}\n`);
    const { corpus } = await openAndRead(source);
    expect(corpus.skipped).toBe(10_050);
    for await (const { text } of corpus.read()) expect(text).not.toBe('');
    expect(corpus.skipped).toBe(10_050);
    expect(corpus.problems.filter(({ skipped }) => !skipped)).toHaveLength(2);
  });

  it('counts documents, categories and words, and shows how dates were read', async () => {
    const source = await put(
      't.csv',
      'note,team,seen\none two three,B,01/02/2024\none,A,28/02/2024 14:30\none two,B,nonsense\n',
    );
    const corpus = await openCorpus({ source, mapping: { date: 'seen' } });
    expect(await summariseCorpus(corpus)).toMatchObject({
      documents: 3,
      categories: { B: 2, A: 1 },
      words: { median: 2, p95: 3 },
      mapping: { text: 'note', category: 'team', date: 'seen' },
      fields: ['note', 'team', 'seen'],
      dates: { order: 'day-first', first: '2024-02-01', last: '2024-02-28T14:30' },
      problems: [
        {
          where: 't.csv:4',
          what: 'The date cannot be read; the note is kept without one.',
          skipped: false,
        },
      ],
      skipped: 0,
    });
  });
});
