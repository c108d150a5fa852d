import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Corpus, CorpusSource } from '../../../src/core/corpus/corpus.js';
import type { Document } from '../../../src/core/corpus/document.js';
import { tablesToChoose } from '../../../src/core/corpus/folder.js';
import { openCorpus, readRecord } from '../../../src/core/corpus/openCorpus.js';
import { docxOf, paragraph } from './letters/madeLetters.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'corpus-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function put(name: string, content: string | Buffer): Promise<void> {
  const file = path.join(folder, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, content);
}

async function read(
  how: Partial<CorpusSource> = {},
): Promise<{ corpus: Corpus; documents: Document[]; said: string[] }> {
  const corpus = await openCorpus({ source: folder, mapping: {}, ...how });
  const documents: Document[] = [];
  for await (const document of corpus.read()) documents.push(document);
  return { corpus, documents, said: corpus.problems.map(({ what }) => what) };
}

const facts = (documents: readonly Document[]): unknown[] =>
  documents.map(({ id, text, file }) => [id, text, file]);

describe('A folder of letters', () => {
  it('is read by content, and an editor is told which files it shows otherwise', async () => {
    await put('a.docx', docxOf(paragraph('From Word.'), paragraph('Head')));
    await put('b.doc', String.raw`{\rtf1 From RTF.{\pict 00}\par}`);
    await put('c.htm', '<p>From<br>a page</p>');
    await put('d.txt', String.raw`{\rtf1 Named as text.{\pict 00}}`);
    await put('e.txt.gz', gzipSync('From gzip.'));
    await put('f.txt', 'Plain <5 & more.');
    await put('g.txt', 'Mostly<br>plain.');
    await put('h.pdf', 'no PDF');
    const { documents, said, corpus } = await read();
    expect(facts(documents)).toEqual([
      ['a.docx', 'Head\nFrom Word.', null],
      ['b.doc', 'From RTF.', null],
      ['c.htm', 'From\na page', null],
      ['d.txt', 'Named as text.', null],
      ['e.txt.gz', 'From gzip.', null],
      ['f.txt', 'Plain <5 & more.', 'f.txt'],
      ['g.txt', 'Mostly\nplain.', null],
    ]);
    expect(said).toEqual([
      'The file is not what its ending says: copy it again from its source.',
      '1 Word document was read as plain text.',
      '2 RTF texts were read as plain text, without 2 images; this is the first.',
      '1 HTML text was read as plain text.',
      '1 HTML text was read as plain text.',
    ]);
    expect(corpus.skipped).toBe(1);
  });
});

describe('The files beside notes', () => {
  it('are counted by their ending, named if they are tables, and never silently left out', async () => {
    for (const name of [
      '1.txt',
      '2.TXT',
      '1.note',
      '2.note',
      '3',
      'x.zip',
      'labs.csv',
      'sub/visits.tsv',
    ]) {
      await put(name, 'text of it');
    }
    await put('LICENSE.txt', 'terms');
    await put('SHA256SUMS.txt', 'sums');
    const { documents, said } = await read();
    expect(documents.map(({ id }) => id)).toEqual(['1.txt', '2.TXT']);
    expect(said).toEqual([
      'Not read, beside the notes: tables labs.csv and sub/visits.tsv; to read one, choose the file itself.',
      'Not read, as they are about the data: LICENSE.txt and SHA256SUMS.txt.',
      '2 files ending in .note were not read: give them the ending .txt if they are notes.',
      '1 file without an ending was not read: give it the ending .txt if it is a note.',
      '1 file ending in .zip was not read: unpack it.',
    ]);
  });

  it('are offered if only they hold notes', async () => {
    await put('LICENSE.txt', 'terms');
    await put('SHA256SUMS.txt', 'sums');
    await put('note/discharge.csv.gz', gzipSync('text\nx\n'));
    await put('note/radiology.csv.gz', gzipSync('text\nx\n'));
    await expect(read()).rejects.toThrow(
      'but 2 tables: name one of them instead (note/discharge.csv.gz and note/radiology.csv.gz)',
    );
    expect(await tablesToChoose(folder)).toEqual([
      'note/discharge.csv.gz',
      'note/radiology.csv.gz',
    ]);
    await put('a.txt', 'a note');
    expect(await tablesToChoose(folder)).toEqual([]);
  });
});

describe('A table "metadata" in a folder', () => {
  it('is matched by path, then by what is unique on both sides, in any case', async () => {
    for (const name of ['A/one.txt', 'B/one.txt', 'B/Two.txt', 'C/three.txt', 'four.txt.gz']) {
      await put(name, name.endsWith('.gz') ? gzipSync('x') : 'x');
    }
    const rows = [
      'a/ONE.TXT\tpath',
      'one.txt\tambiguous',
      'two.txt\tname',
      'three\tstem',
      'FOUR\tzip',
    ];
    await put('Metadata.TSV', `filename\tcategory\n${rows.join('\n')}\n`);
    const { documents, said } = await read();
    expect(documents.map(({ id, category }) => [id, category])).toEqual([
      ['A/one.txt', 'path'],
      ['B/Two.txt', 'name'],
      ['B/one.txt', null],
      ['C/three.txt', 'stem'],
      ['four.txt.gz', 'zip'],
    ]);
    expect(said).toEqual([
      '1 note has no row in Metadata.TSV; this is the first.',
      '1 row names no note in this folder, or more than one; this is the first.',
    ]);
  });

  it('is JSON Lines as well, and the first of several is read', async () => {
    await put('1.txt', 'x');
    await put('metadata.csv', 'file,category\n1,csv\n');
    await put('metadata.jsonl', '{"file": "1", "category": "json"}\n');
    const { documents, said } = await read();
    expect(documents[0]?.category).toBe('csv');
    expect(said).toEqual(['Not read, since this describes the notes already: metadata.jsonl.']);
  });
});

describe('A folder of parts of one table', () => {
  it('is that table, with a header in each part or in the first alone', async () => {
    await put('_SUCCESS', '');
    await put('part-00000.csv', 'id,text\na,first\nb,"second\nline"\n');
    await put('part-00001.csv', 'id,text\nc,third\n');
    await put('part-00002.csv.gz', gzipSync('d,fourth\ne,fifth\n'));
    const { corpus, documents, said } = await read();
    expect(corpus.kind).toBe('csv');
    expect(documents.map(({ id, text }) => [id, text])).toEqual([
      ['a', 'first'],
      ['b', 'second\nline'],
      ['c', 'third'],
      ['d', 'fourth'],
      ['e', 'fifth'],
    ]);
    expect(said).toContain('3 files are read as one.');
  });

  it('gives rows ids of their own, and a single one that of its file', async () => {
    await put('notes-1.jsonl', '{"text": "one"}\n{"text": "two"}\n');
    await put('notes-2.jsonl', '{"text": "three"}\n{"text": "four"}\n');
    await put('notes-3.jsonl', '{"text": "five"}\n');
    const { documents } = await read();
    expect(documents.map(({ id, row }) => [id, row])).toEqual([
      ['row-1', 1],
      ['row-2', 2],
      ['row-3', 3],
      ['row-4', 4],
      ['notes-3.jsonl', 5],
    ]);
    expect(documents.every(({ file }) => file === null)).toBe(true);
  });
});

describe('A folder for each patient', () => {
  it('is noticed, and groups the notes if asked', async () => {
    for (const patient of ['P01', 'P02', 'P03', 'P04', 'P05']) {
      await put(`all/${patient}/2020/a.txt`, 'x');
      await put(`all/${patient}/b.txt`, 'y');
    }
    const guessed = await read();
    expect(guessed.corpus.mapping).toMatchObject({ category: null, group: null });
    expect(guessed.said).toEqual([
      expect.stringMatching(/looks like a patient: use --group-from-folder/),
    ]);
    const { documents, said } = await read({ mapping: { group: 'first folder' } });
    expect(said).toEqual([]);
    expect(new Set(documents.map(({ group }) => group))).toEqual(
      new Set(['P01', 'P02', 'P03', 'P04', 'P05']),
    );
  });

  it.for([
    [['2019', '2020', '2021', '2022', '2023']],
    [['ward1', 'ward2', 'ward3', 'ward4', 'ward5']],
  ])('is not seen in %s', async ([folders]) => {
    for (const name of folders ?? []) await put(`${name}/a.txt`, 'x');
    const { corpus, said } = await read();
    expect(corpus.mapping.category).toBe('folder');
    expect(said).toEqual([]);
  });
});

describe('The encoding of a folder', () => {
  const western = Buffer.from('Caf\u00e9 na\u00efve, 38\u00b0', 'latin1');

  it('is guessed for all texts that are not UTF-8, and said', async () => {
    await put('a.txt', 'Café');
    await put('b.txt', western);
    const { corpus, documents, said } = await read();
    expect(documents.map(({ text }) => text)).toEqual(['Café', 'Café naïve, 38°']);
    expect(corpus.encoding).toBe('windows-1252');
    expect(said).toEqual([
      '1 file is not UTF-8; the encoding is a guess (windows-1252): see that accents are right, or name it with --encoding.',
    ]);
  });

  it('may differ between the lines of a text', async () => {
    const lines = [Buffer.from('Café\nnaïve\n'), Buffer.from('38\u00b0', 'latin1')];
    await put('a.txt', Buffer.concat(lines));
    const { documents, said } = await read();
    expect(documents[0]?.text).toBe('Café\nnaïve\n38°');
    expect(said).toEqual(['1 line not valid as UTF-8 was read as Windows-1252.']);
  });

  it('is what is given', async () => {
    await put('a.txt', Buffer.from([0x50, 0xf8, 0xed, 0x7a]));
    const { documents, said } = await read({ reading: { encoding: 'windows-1250' } });
    expect(documents[0]?.text).toBe('Příz');
    expect(said).toEqual([]);
  });

  it('is what a page names', async () => {
    await put('a.html', Buffer.from('<meta charset="windows-1250"><p>P\u00f8\u00edz', 'latin1'));
    expect((await read()).documents[0]?.text).toBe('Příz');
  });
});

describe('The text in a column', () => {
  it('loses its markup, said once, and reads the same when a record is opened', async () => {
    const file = path.join(folder, 'notes.csv');
    const value = String.raw`{\rtf1 One.\par Two{\pict 00}}`;
    await put('notes.csv', `id,text\n1,${value}\n2,${value}\n3,<p>a<p>b\n4,plain <5\n`);
    const { corpus, documents, said } = await read({ source: file });
    expect(documents.map(({ text }) => text)).toEqual([
      'One.\nTwo',
      'One.\nTwo',
      'a\n\nb',
      'plain <5',
    ]);
    expect(said).toEqual([
      '2 RTF texts were read as plain text, without 2 images; this is the first.',
      '1 HTML text was read as plain text.',
    ]);
    const record = { head: 'id,text', text: `1,${value}`, line: 2 };
    expect((await readRecord(file, corpus.mapping, record))?.text).toBe('One.\nTwo');
  });

  it('loses encoded data, said with its length; data alone is no note', async () => {
    const data = Buffer.from(Array.from({ length: 900 }, (_, i) => (i * 7919) % 251));
    const base64 = data.toString('base64');
    const lines = base64.replace(/(.{76})/g, '$1\\n');
    const plain = 'ACGT'.repeat(300);
    const rows = [
      { id: 'a', text: `before data:image/png;base64,${base64} after` },
      { id: 'b', text: data.toString('hex') },
      { id: 'd', text: `${plain} ${'x'.repeat(600)} ${'word '.repeat(300)}` },
    ];
    const broken = `{"id":"c","text":"first line\\n${lines}\\nlast line"}`;
    const file = path.join(folder, 'notes.jsonl');
    await put('notes.jsonl', [...rows.map((row) => JSON.stringify(row)), broken].join('\n'));
    const { documents, said, corpus } = await read({ source: file });
    expect(documents.map(({ id, text }) => [id, text])).toEqual([
      ['a', 'before  after'],
      ['d', rows[2]?.text],
      ['c', 'first line\n\nlast line'],
    ]);
    expect(corpus.skipped).toBe(1);
    expect(said).toContainEqual(
      expect.stringMatching(
        /^3 texts hold encoded data \(base64 or hexadecimal, 4,\d{3} characters\)/,
      ),
    );
  });
});
