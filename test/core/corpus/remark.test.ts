/** What is said of a corpus names options on the command line, and controls in *Add Corpus*. */
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { mappingOptions } from '../../../src/cli/sharedOptions.js';
import { openCorpus } from '../../../src/core/corpus/openCorpus.js';
import { fieldRoleNames } from '../../../src/protocol/catalogue/fieldRoles.js';
import { firstFolderField } from '../../../src/protocol/catalogue/reading.js';
import { readingSettings, settingName } from '../../../src/protocol/catalogue/readingSettings.js';
import type { Place } from '../../../src/protocol/catalogue/readingSettings.js';

let base: string;
beforeAll(async () => void (base = await mkdtemp(path.join(tmpdir(), 'remarks-'))));
afterAll(() => rm(base, { recursive: true, force: true }));

async function said(source: string, place: Place): Promise<string> {
  const corpus = await openCorpus({ source, mapping: {} }, undefined, place);
  for await (const _document of corpus.read()) continue;
  return corpus.problems.map(({ what }) => what).join('\n');
}

const prose = 'Seen at home on Monday, well and walking about the garden with a stick';
const notes = (cell: (i: number) => string): string =>
  Array.from({ length: 12 }, (_, i) => `${cell(i)}\n`).join('');

it.each<[string, string | Buffer, string, string]>([
  [
    'lines above the header',
    `Notes of the ward\n\nid,text,ward\n${notes((i) => `${i},"${prose} ${i}",A`)}`,
    '(--skip-rows 0 to read them)',
    '("Lines above the table: 0" to read them)',
  ],
  [
    'a first row that is a note',
    notes((i) => `${i},"${prose} ${i}",A`),
    'use --header if it is one',
    'use "First row: names the columns" if it is one',
  ],
  [
    'an encoding',
    Buffer.from(`id,text\n${notes((i) => `${i},"${prose} caf\xe9 ${i}"`)}`, 'latin1'),
    'name it with --encoding.',
    'name it with "Encoding".',
  ],
  [
    'missing values',
    `id,text,harm\n${notes((i) => `${i},"${prose} ${i}",${i === 3 ? 'NULL' : 'Low'}`)}`,
    '--missing-values changes that',
    '"Missing values" changes that',
  ],
  [
    'values that may be classes',
    `id,text,harm\n${notes((i) => `${i},"${prose} ${i}",${i % 3 === 0 ? 'None' : 'Low'}`)}`,
    'name it in --missing-values if',
    'name it in "Missing values" if',
  ],
  [
    'notes in several rows',
    `note_id,line,text\n${notes((i) => `${i >> 2},${(i % 4) + 1},"${prose} ${i}"`)}`,
    '--join-lines line joins them',
    '"Join the rows of a note" joins them',
  ],
  [
    'further text',
    `id,text,plan\n${notes((i) => `${i},"${prose} ${i}","${prose}, and again ${i}"`)}`,
    'use --text-field for each column',
    'use "What it is: Text" for each column',
  ],
  [
    'an id that repeats',
    `id,text\n${notes((i) => `${i % 2},"${prose} ${i}"`)}`,
    '(--id-field id to take it all the same)',
    '("id: ID" to take it all the same)',
  ],
  [
    'dates that can be read in two ways',
    `id,text,date\n${notes((i) => `${i},"${prose} ${i}",03/0${(i % 8) + 1}/2024`)}`,
    '(--date-order month-first if that is wrong)',
    '("Dates: month first" if that is wrong)',
  ],
])('Of %s', async (name, content, onCommandLine, inPanel) => {
  const source = path.join(base, `${name.replaceAll(' ', '-')}.csv`);
  await writeFile(source, content);
  expect(await said(source, 'commandLine')).toContain(onCommandLine);
  const panel = await said(source, 'panel');
  expect(panel).toContain(inPanel);
  expect(panel).not.toMatch(/--[a-z]/);
});

it('Of a folder for each patient', async () => {
  const root = path.join(base, 'letters');
  for (let patient = 1; patient <= 8; patient++) {
    const folder = path.join(root, `P${1000 + patient}`);
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, 'a.txt'), prose);
  }
  expect(await said(root, 'commandLine')).toContain(
    'use --group-from-folder to keep the notes of one together, or --category-field folder if',
  );
  expect(await said(root, 'panel')).toContain(
    'use "first folder: Patient" to keep the notes of one together, or "folder: Category" if',
  );
});

it('names options that there are', () => {
  const options = new Set(Object.keys(mappingOptions).map((name) => `--${name}`));
  for (const setting of Object.keys(readingSettings) as (keyof typeof readingSettings)[]) {
    expect(options).toContain(settingName({ setting }, 'commandLine'));
  }
  for (const role of fieldRoleNames) {
    expect(options).toContain(settingName({ role }, 'commandLine'));
  }
  const group = { role: 'group', column: firstFolderField } as const;
  expect(options).toContain(settingName(group, 'commandLine'));
  expect(settingName({ setting: 'header', value: false }, 'commandLine')).toBe('--no-header');
});

it('leaves no option in a sentence of the readers', () => {
  const folder = fileURLToPath(new URL('../../../src/core/corpus', import.meta.url));
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  expect(files.length).toBeGreaterThan(50);
  const names = Object.keys(mappingOptions).join('|');
  const found = files.filter((file) =>
    new RegExp(`--(${names})\\b`).test(readFileSync(path.join(folder, file), 'utf8')),
  );
  expect(found).toEqual([]);
});
