import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { identifierReason, nameParts } from '../../../src/core/corpus/identifiers.js';
import { createTypeVote } from '../../../src/core/corpus/keptFields.js';
import { openCorpus } from '../../../src/core/corpus/openCorpus.js';
import type { Reading } from '../../../src/protocol/catalogue/reading.js';

describe('The type of a column', () => {
  it.each([
    ['age', ['71', '8.5', '-3'], 'number'],
    ['ward', ['007', '012'], 'text'],
    ['bed', ['12', '7b'], 'text'],
    ['count', ['90071992547409931'], 'text'],
    ['seen', ['2024-01-05', '5 May 2024'], 'date'],
    ['admit_date', ['45351', '45352'], 'date'],
    ['sodium', ['45351', '45352'], 'number'],
    ['empty', [], 'text'],
  ])('%s: %j is %s', (name, values, type) => {
    const vote = createTypeVote(name);
    for (const value of values) vote.add(value);
    expect(vote.result().type).toBe(type);
  });
});

describe('A column that looks like an identifier', () => {
  const many = (make: (i: number) => string): string[] =>
    Array.from({ length: 30 }, (_, i) => make(i));
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcd';

  it.each([
    ['PAT_MRN_ID', many((i) => `M${i}`)],
    ['NHS Number', []],
    ['patientName', []],
    ['Surname', []],
    ['date_of_birth', []],
    ['CONTACT_SERIAL_NUM_ID', []],
    ['x', many(() => '943 476 5919')],
    ['x', many((i) => `Ann${letters[i] ?? ''} Doe`)],
    ['x', many((i) => `RX${100_000 + i}`)],
    ['x', many((i) => `${i} `.repeat(120))],
    ['home', many(() => 'EC1A 1BB')],
    ['column 1', many(String)],
  ])('%s is left out', (name, values) => {
    expect(identifierReason(name, values)).not.toBeNull();
  });

  it.each([
    ['sample_name', many((i) => `Sample ${i % 4}`)],
    ['NOTE_TYPE_NAME', many(() => 'Progress Notes')],
    ['age', many((i) => String(40 + ((7 * i) % 30)))],
    ['sodium', many((i) => String(130 + i / 10))],
    ['ward', many((i) => `Ward ${i % 3}`)],
    ['phase', many(() => '1234567890')],
    ['admission_type', []],
  ])('%s is not', (name, values) => {
    expect(identifierReason(name, values)).toBeNull();
  });

  it('is known by the parts of its name', () => {
    expect(nameParts('PatMRNId')).toEqual(['pat', 'mrn', 'id']);
    expect(nameParts('NOTE_TYPE-name')).toEqual(['note', 'type', 'name']);
  });
});

describe('Kept columns', () => {
  let folder: string;
  beforeEach(async () => void (folder = await mkdtemp(path.join(tmpdir(), 'kept-'))));
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function read(table: string, reading: Reading) {
    const source = path.join(folder, 'notes.csv');
    await writeFile(source, table);
    const corpus = await openCorpus({ source, mapping: {}, reading });
    const documents = [];
    for await (const document of corpus.read()) documents.push(document);
    return { corpus, documents };
  }

  const table = [
    'id,text,age,ward,seen,harm',
    '1,"A note, long enough to be one.",71,A,13/02/2024,None',
    '2,"A note, long enough to be two.",NULL,B,01/02/2024,Severe',
    '3,"A note, long enough to be three.",None,,n/k,Low',
    ...Array.from({ length: 20 }, (_, i) => `${4 + i},"A note, long enough.",50,B,02/02/2024,Low`),
  ].join('\n');

  it('stand beside the note as what they are, under the name as the file has it', async () => {
    const { corpus, documents } = await read(table, { keep: ['Age', 'ward', 'seen', 'harm'] });
    expect(corpus.kept).toEqual([
      { name: 'age', type: 'number' },
      { name: 'ward', type: 'text' },
      { name: 'seen', type: 'date' },
      { name: 'harm', type: 'text' },
    ]);
    expect(documents.slice(0, 3).map(({ fields }) => fields)).toEqual([
      { age: 71, ward: 'A', seen: '2024-02-13', harm: 'None' },
      { age: null, ward: 'B', seen: '2024-02-01', harm: 'Severe' },
      { age: null, ward: null, seen: null, harm: 'Low' },
    ]);
    expect(corpus.problems.map(({ what }) => what)).toContain(
      '1 value is no date in "seen", which holds dates: kept as missing.',
    );
    expect(corpus.missing).toContainEqual({ field: 'age', value: 'NULL', count: 1 });
    expect(corpus.missing).toContainEqual({ field: 'age', value: 'None', count: 1 });
    expect(corpus.classes).toEqual([{ field: 'harm', value: 'None', count: 1 }]);
  });

  it('are none unless asked for, and one that is not there is named', async () => {
    expect((await read(table, {})).documents[0]?.fields).toEqual({});
    await expect(read(table, { keep: ['bed'] })).rejects.toThrow(
      'The column to keep is "bed", which the corpus does not have: choose one of "id", "text"',
    );
  });

  it('join several columns of text under their names', async () => {
    const soap = 'id,subjective,plan\n1,Feels well.,Home.\n2,,Stay.\n3,,\n';
    const source = path.join(folder, 'soap.csv');
    await writeFile(source, soap);
    const corpus = await openCorpus({
      source,
      mapping: { text: 'subjective' },
      reading: { moreText: ['Plan'] },
    });
    const texts = [];
    for await (const { text } of corpus.read()) texts.push(text);
    expect(texts).toEqual(['subjective:\nFeels well.\n\nplan:\nHome.', 'plan:\nStay.']);
    expect(corpus.skipped).toBe(1);
  });

  it('say that nothing shows which of day and month is first', async () => {
    const tied = 'id,text,date\n1,A note that is long enough to read.,03/04/2024\n';
    const { corpus, documents } = await read(tied, {});
    expect(documents[0]?.date).toBe('2024-04-03');
    expect(corpus.problems.map(({ what }) => what).join()).toContain('--date-order month-first');
    const settled = await read(tied, { dateOrder: 'month-first' });
    expect(settled.documents[0]?.date).toBe('2024-03-04');
    expect(settled.corpus.problems).toEqual([]);
  });
});

it('names a thousand ids that are not unique, and counts the others', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'ids-'));
  const source = path.join(folder, 'notes.csv');
  await writeFile(source, `id,text\n${'7,Seen on the ward\n'.repeat(1500)}`);
  const corpus = await openCorpus({ source, mapping: { id: 'id' } });
  const ids = [];
  for await (const { id } of corpus.read()) ids.push(id);
  expect(ids.at(-1)).toBe('7#1500');
  expect(corpus.problems).toHaveLength(1001);
  expect(corpus.problems.at(-1)?.what).toMatch(/^499 more ids are not unique/);
  await rm(folder, { recursive: true });
});
