import { beforeEach, expect, it } from 'vitest';
import { host } from '../host/fakeVscode.js';

const { addCorpus } = await import('../../src/extension/commands/addCorpus.js');

beforeEach(() => host.reset());

/** What Add Corpus goes on with when a folder is chosen that holds these tables. */
async function sourceFor(tables: readonly string[]): Promise<string> {
  let source = '';
  const services = {
    corpora: { whenLoaded: () => Promise.resolve(), all: () => [] },
    places: { samples: '/samples' },
    lookup: { request: () => Promise.resolve({ tables }) },
    corpusPreview: {
      ask(asked: string) {
        source = asked;
        return Promise.reject(new Error('That is enough.'));
      },
    },
  };
  host.file = '/data';
  host.pick = (items) => items.find(({ value }) => value === 'folder') ?? items[1];
  await expect(addCorpus(services as never, null)).rejects.toThrow();
  return source;
}

it('offers the tables of a folder that holds nothing else to read', async () => {
  expect(await sourceFor(['note/discharge.csv.gz', 'note/radiology.csv.gz'])).toBe(
    '/data/note/radiology.csv.gz',
  );
  expect(host.lists[1]?.map(({ label }) => label)).toEqual([
    'note/discharge.csv.gz',
    'note/radiology.csv.gz',
  ]);
});

it('takes a folder of notes as it is', async () => {
  expect(await sourceFor([])).toBe('/data');
});
