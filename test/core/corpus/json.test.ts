/** JSON in the layouts and with the faults that people export. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Corpus } from '../../../src/core/corpus/corpus.js';
import type { Document } from '../../../src/core/corpus/document.js';
import { createJsonSplitter } from '../../../src/core/corpus/jsonSplit.js';
import { openCorpus } from '../../../src/core/corpus/openCorpus.js';
import type { FieldMapping } from '../../../src/protocol/catalogue/fieldRoles.js';
import type { Reading } from '../../../src/protocol/catalogue/reading.js';

let folder: string;
let count = 0;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'json-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(
  text: string,
  mapping: Partial<FieldMapping> = {},
  { name = 'notes.json', ...reading }: Reading & { name?: string } = {},
): Promise<{ corpus: Corpus; documents: Document[]; problems: string[] }> {
  const source = path.join(folder, `${count++}-${name}`);
  await writeFile(source, text);
  const corpus = await openCorpus({ source, mapping, reading });
  const documents: Document[] = [];
  for await (const document of corpus.read()) documents.push(document);
  const problems = corpus.problems.map(({ where, what }) => `${where.split(':')[1]} ${what}`);
  return { corpus, documents, problems };
}

const sentence = (i: number): string => `Note ${i}: walked to the shop and back, a little tired.`;
const notes = (n: number): { id: number; text: string }[] =>
  Array.from({ length: n }, (_, i) => ({ id: i + 1, text: sentence(i + 1) }));
const list = (n: number): string => JSON.stringify(notes(n), null, 1);

describe('Records of JSON', () => {
  it('keep numbers as they are written', async () => {
    const text =
      '{"id": 9007199254740993001, "text": "Slept well.", "category": 1.50}\n' +
      '{"id": 1e400, "text": "Ate well.", "category": NaN}\n';
    const { documents, corpus } = await read(text);
    expect(documents.map(({ id, category }) => [id, category])).toEqual([
      ['9007199254740993001', '1.50'],
      ['1e400', null],
    ]);
    expect(corpus.missing).toEqual([{ field: 'category', value: 'NaN', count: 1 }]);
  });

  it('may have trailing commas, raw line breaks, odd escapes and marks between them', async () => {
    const text = `\ufeff[{"id": 1, "text": "One\nline \\'more\\u00e9",},\ufeff {"id": 2, "text": "Two\\n",},]`;
    const { documents } = await read(text);
    expect(documents.map(({ text: note }) => note)).toEqual(["One\nline 'moreé", 'Two\n']);
  });

  it('are found within an object, or a list within that', async () => {
    const hits = { took: 3, hits: { total: 2, hits: notes(3).map((note) => ({ _source: note })) } };
    const { documents, corpus } = await read(JSON.stringify(hits));
    expect(corpus.mapping).toMatchObject({ text: '_source.text', id: '_source.id' });
    expect(documents.map(({ id }) => id)).toEqual(['1', '2', '3']);
    const projects = [1, 2].map((id) => ({ id, name: `project ${id}`, documents: notes(2) }));
    const all = await read(JSON.stringify({ projects }), { text: 'documents.text' });
    expect(all.documents.map(({ row, text }) => [row, text])).toEqual([
      [1, sentence(1)],
      [2, sentence(2)],
      [3, sentence(1)],
      [4, sentence(2)],
    ]);
    expect(all.problems[0]).toContain('Every item of "documents" is taken as a note of its own');
  });

  it('may stand under their ids', async () => {
    const byId = Object.fromEntries(
      notes(3).map(({ id, text }) => [`n${id}`, { text, ward: 'a' }]),
    );
    for (const whole of [byId, { took: 1, notes: byId }]) {
      const { documents } = await read(JSON.stringify(whole), { category: 'ward' });
      const expected = whole === byId ? ['n1', 'n2', 'n3'] : undefined;
      if (expected !== undefined) expect(documents.map(({ id }) => id)).toEqual(expected);
      expect(documents.map(({ text }) => text)).toEqual([1, 2, 3].map(sentence));
    }
  });

  it('by column are refused, as no record stands together', async () => {
    const byColumn = { id: { 0: 1, 1: 2 }, text: { 0: sentence(1), 1: sentence(2) } };
    const split = {
      columns: ['id', 'text'],
      index: [0, 1],
      data: [
        [1, sentence(1)],
        [2, sentence(2)],
      ],
    };
    for (const whole of [byColumn, split]) {
      await expect(read(JSON.stringify(whole))).rejects.toThrow(
        /column by column.*orient="records"/,
      );
    }
  });

  it('in other lists are named', async () => {
    const text = JSON.stringify({
      ward: { notes: notes(5), codes: [{ code: 'w' }] },
      letters: notes(2),
    });
    const { documents, problems } = await read(text);
    expect(documents).toHaveLength(5);
    expect(problems).toEqual([
      expect.stringContaining('Only the list "ward.notes" is read, not "letters"'),
    ]);
  });

  it('give each of the notes in them what they say of all', async () => {
    const patients = ['p1', 'p2'].map((patient_id) => ({
      patient_id,
      notes: [1, 2].map((i) => ({ note_id: `${patient_id}-${i}`, text: sentence(i) })),
    }));
    for (const text of [
      JSON.stringify(patients),
      patients.map((p) => JSON.stringify(p)).join('\n'),
    ]) {
      const { documents } = await read(text);
      expect(documents.map(({ id, group }) => [id, group])).toEqual([
        ['p1-1', 'p1'],
        ['p1-2', 'p1'],
        ['p2-1', 'p2'],
        ['p2-2', 'p2'],
      ]);
    }
  });

  it('unwrap what MongoDB wraps', async () => {
    const text = `{ "_id": { "$oid": "5f0a" }, "text": "${sentence(1)}", "date": { "$date": { "$numberLong": "1709337600000" } }, "patient_id": { "$numberLong": "42" } }`;
    const { documents } = await read(text);
    expect(documents).toMatchObject([{ id: '5f0a', date: '2024-03-02T00:00:00', group: '42' }]);
  });

  it('join the lines of a text, and the set of labels', async () => {
    const text = JSON.stringify({
      text: ['PLAN', 'Home', 'Home'],
      label: [
        [0, 4, 'SIGN'],
        [5, 9, 'DRUG'],
        [10, 11, 'SIGN'],
      ],
    });
    const { documents } = await read(`${text}\n${text}`);
    expect(documents[0]).toMatchObject({ text: 'PLAN\nHome\nHome', label: 'SIGN; DRUG' });
  });

  it.each([
    ['Prodigy', { text: sentence(1), spans: [{ start: 0, end: 4, label: 'SIGN' }] }],
    [
      'Label Studio',
      {
        data: { text: sentence(1) },
        annotations: [
          { id: 7, result: [{ value: { start: 0, end: 4, text: 'Note', labels: ['SIGN'] } }] },
        ],
      },
    ],
    [
      'doccano',
      { text: sentence(1), entities: [{ id: 3, label: 'SIGN', start_offset: 0, end_offset: 4 }] },
    ],
  ])('of %s have the labels of their spans', async (_tool, record) => {
    const { documents } = await read(`${JSON.stringify(record)}\n${JSON.stringify(record)}`);
    expect(documents[1]).toMatchObject({ text: sentence(1), label: 'SIGN' });
  });

  it('of FHIR have the text of their attachment', async () => {
    const data = Buffer.from('Né à Paris; slept well.').toString('base64');
    const record = { id: 'd1', content: [{ attachment: { contentType: 'text/plain', data } }] };
    const { documents } = await read(JSON.stringify(record), { text: 'content.0.attachment.data' });
    expect(documents).toMatchObject([{ id: 'd1', text: 'Né à Paris; slept well.' }]);
  });

  it('take their ids from the actions of a bulk file', async () => {
    const text = notes(2).map(
      ({ id, text: note }) => `{"index":{"_id":"n${id}"}}\n{"text":"${note}"}\n`,
    );
    const { documents, problems } = await read(text.join(''));
    expect(documents.map(({ id }) => id)).toEqual(['n1', 'n2']);
    expect(problems).toEqual([]);
  });
});

describe('A fault in JSON', () => {
  const broken = [
    ['a lost quote at the end of a value', (text: string) => text.replace(' tired."', ' tired.')],
    ['a lost quote at its start', (text: string) => text.replace('"Note', 'Note')],
    ['quotes that are not escaped', (text: string) => text.replace('little', '"little"')],
    ['one quote that is not escaped', (text: string) => text.replace('little', 'little"')],
    ['a bare word', (text: string) => text.replace('"Note', 'Note "')],
  ] as const;

  it.each(broken)('%s costs its record alone, and is named', async (_name, spoil) => {
    const at = notes(9).map((note) => JSON.stringify(note));
    at[4] = spoil(at[4] ?? '');
    for (const [text, line] of [
      [at.join('\n'), 5],
      [`[\n${at.join(',\n')}\n]`, 6],
    ] as const) {
      const { documents, problems, corpus } = await read(text);
      expect(documents.map(({ id }) => id)).toEqual(['1', '2', '3', '4', '6', '7', '8', '9']);
      expect(problems).toEqual([expect.stringMatching(new RegExp(`^${line} .*skipped`))]);
      expect(corpus.skipped).toBe(1);
    }
  });

  it('at the end of a file that was cut off is named', async () => {
    const { documents, problems } = await read(list(5).slice(0, -30));
    expect(documents).toHaveLength(4);
    expect(problems).toEqual(['18 The file ends within a record, which was skipped.']);
  });

  it('leaves a file without a record refused', async () => {
    await expect(read('["a", 1]')).rejects.toThrow(/no record that is a JSON object/);
    await expect(read('')).rejects.toThrow(/no record/);
  });
});

describe('A JSON text', () => {
  it('is the same in pieces of any size', () => {
    const text = `{"a": 1, "rows": [{"x": "}\\"]{\\\\"}, 7, {"y": [1, {"z": "é\\n"}]}], "b": "\\\\", "c": {"rows": [{}]}}`;
    const split = (size: number): unknown[] => {
      const splitter = createJsonSplitter(['rows']);
      const found = [];
      for (let at = 0; at < text.length; at += size)
        found.push(...splitter.push(text.slice(at, at + size)));
      return [...found, ...splitter.end()];
    };
    const whole = split(text.length);
    expect(whole.map((record) => (record as { value: unknown }).value)).toEqual([
      { x: '}"]{\\' },
      null,
      { y: ['1', { z: 'é\n' }] },
    ]);
    for (let size = 1; size < 12; size++) expect(split(size)).toEqual(whole);
  });

  it('is read as the format says that the user names', async () => {
    const { corpus, problems } = await read(
      `{"id": 1, "text": "${sentence(1)}"}\n{"id": 2,\n"text": "${sentence(2)}"}`,
      {},
      { format: 'jsonl' },
    );
    expect(corpus.kind).toBe('jsonl');
    expect(problems).toHaveLength(2);
    const all = await read(
      `{"id": 1, "text": "${sentence(1)}"}\n{"id": 2, "text": "${sentence(2)}"}`,
      {},
      { format: 'json' },
    );
    expect([all.corpus.kind, all.documents.length]).toEqual(['json', 2]);
  });

  it('of one line has the numbers of its records, of many their lines', async () => {
    const { documents } = await read(JSON.stringify(notes(3)));
    expect(documents.map(({ row }) => row)).toEqual([1, 2, 3]);
    const { documents: more } = await read(list(3));
    expect(more.map(({ row }) => row)).toEqual([2, 6, 10]);
  });
});
