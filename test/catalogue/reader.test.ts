/** A made-up reader reads a real file, and every sentence about files knows it. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { host } from '../host/fakeVscode.js';
import { addMadeUp, madeUp } from './madeUp.js';

addMadeUp();
const { openCorpus } = await import('../../src/core/corpus/openCorpus.js');
const { Cancelled } = await import('../../src/core/base/errors.js');
const { addCorpus } = await import('../../src/extension/commands/addCorpus.js');
const { corpusName } = await import('../../src/extension/corpora/corporaFile.js');

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'notespace-catalogue-'));
  file = join(folder, 'ward round.BARS');
  const lines = ['Note ID|Note Text|Bay|Category', 'a|Slept well.|north|night', 'b||south|day'];
  await writeFile(file, `${lines.join('\n')}\n`);
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(() => host.reset());

describe('A made-up reader', () => {
  it('reads a file by its name, and its fields get their roles', async () => {
    const corpus = await openCorpus({ source: file, mapping: {} });
    expect(corpus.kind).toBe(madeUp.reader);
    expect(corpus.mapping).toEqual({
      text: 'Note Text',
      id: 'Note ID',
      category: 'Category',
      label: null,
      group: null,
      date: null,
      split: null,
      ward: 'Bay',
    });
    const documents = [];
    for await (const document of corpus.read()) documents.push(document);
    expect(documents).toEqual([
      {
        id: 'a',
        text: 'Slept well.',
        category: 'night',
        label: null,
        group: null,
        date: null,
        split: null,
        file: null,
        row: 2,
        fields: {},
      },
    ]);
    expect(corpus.problems).toMatchObject([{ where: 'ward round.BARS:3', skipped: true }]);
  });

  it('is in the sentence about a file that no reader takes', async () => {
    const strange = join(folder, 'notes.xyz');
    await writeFile(strange, 'x');
    await expect(openCorpus({ source: strange, mapping: {} })).rejects.toThrow(
      /choose a folder of .txt or .md notes, or a .csv, .* or .bars file\./,
    );
  });

  it('is known to a folder that holds such a file and no notes', async () => {
    const parent = join(folder, 'parent');
    await mkdir(parent);
    await writeFile(join(parent, 'x.barz'), '');
    await expect(openCorpus({ source: parent, mapping: {} })).rejects.toThrow(
      'name the file x.barz in it instead',
    );
  });

  it('is in the list and the file dialogue of Add Corpus', async () => {
    host.pick = (items) => items.find(({ value }) => value === 'table');
    const services = {
      corpora: { whenLoaded: () => Promise.resolve() },
      places: { samples: '/samples' },
    };
    await expect(addCorpus(services as never, null)).rejects.toThrow(Cancelled);
    expect(host.lists[0]?.map(({ detail }) => detail)).toContainEqual(
      expect.stringMatching(/^\.csv, .* or \.bars, also \.gz$/),
    );
    expect(host.dialogues).toMatchObject([
      {
        filters: {
          Tables: expect.arrayContaining(['csv', 'ndjson', 'bars', 'barz', 'gz']) as unknown,
        },
      },
    ]);
  });

  it.each(['ward.bars', 'ward.barz', 'ward.bars.gz', 'ward.csv', 'ward'])(
    'gives a corpus a plain name: %s',
    (name) => {
      expect(corpusName(name, [])).toBe('ward');
    },
  );
});
