import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { exportListing } from '../../src/extension/lookup/exportListing.js';
import { settingKeys } from '../../src/extension/contributions.js';
import { host } from '../host/fakeVscode.js';
import { fakeServices, settled } from './fixtures/services.js';

let folder: string;
beforeEach(async () => {
  host.reset();
  folder = await mkdtemp(join(tmpdir(), 'notespace-export-'));
  host.file = join(folder, 'found.csv');
});
afterEach(() => rm(folder, { recursive: true }));

const results = [
  {
    ...{ rank: 1, id: '=1+1', nearness: 61.66, similarity: 0.5, category: 'Ward, A', date: null },
    ...{ assertion: 'family', copies: { count: 3, ids: [] }, snippet: 'Mother had chest pain.' },
    fields: { ward: 'B', surname: 'Smith' },
  },
  {
    ...{ rank: 2, id: 'two', nearness: null, similarity: 0.25, category: null, date: '2021-03-04' },
    ...{ assertion: null, copies: { count: 0, ids: [] }, snippet: 'Well.' },
    fields: { ward: null, surname: 'Jones' },
  },
];

async function exportAll(): Promise<readonly string[]> {
  const { services, corpora, asked } = fakeServices('ward');
  const brief: string[] = [];
  const notices = { ...services.notices, brief: (message: string) => void brief.push(message) };
  const listing = { corpus: corpora[0], similar: { results } };
  const exporting = exportListing({ ...services, notices }, listing as never);
  await asked[0]?.answer({ fields: [{ name: 'ward', type: 'text', values: [], range: null }] });
  await settled();
  await exporting;
  return brief;
}

it('saves what is ticked; what may tell people apart is not, at first', async () => {
  expect(await exportAll()).toEqual(['Exported 2 notes.']);
  expect(host.lists[0]?.map(({ label }) => label)).toContain('surname');
  expect((await readFile(host.file ?? '', 'utf8')).split('\r\n')).toEqual([
    'rank,id,nearness,similarity,category,date,negated or family,almost identical,ward',
    `1,'=1+1,61.7,0.5,"Ward, A",,family history,3,B`,
    '2,two,,0.25,,2021-03-04,,0,',
    '',
  ]);
});

it('saves more if more is ticked, but no text while note text is hidden', async () => {
  host.tick = (items) => items;
  await exportAll();
  const text = await readFile(host.file ?? '', 'utf8');
  expect(text).toContain('Smith');
  expect(text).toContain('Mother had chest pain.');
  host.settings.set(settingKeys.hideNoteText, true);
  await exportAll();
  const hidden = await readFile(host.file ?? '', 'utf8');
  expect(hidden).not.toMatch(/Smith|Mother/);
  expect(hidden).toContain('two');
});
