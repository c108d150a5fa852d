/** The command line as an npm package, as a user installs it. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { npm } from '../../scripts/install.mjs';
import { packageCli } from '../../scripts/packageCli.mjs';
import { writeCorpus, makeNotes } from '../engine/fixtures.js';
import { skipOrFail } from '../host/skip.js';

let folder: string;
let installed: string;

let status: number | null;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'notespace-cli-'));
  const archive = await packageCli();
  const quiet = ['--silent', '--no-audit', '--no-fund', '--prefer-offline'];
  ({ status } = npm(['install', '--prefix', folder, '--ignore-scripts', ...quiet, archive]));
  installed = join(folder, 'node_modules', 'notespace');
}, 300_000);
beforeEach((context) => {
  if (status !== 0)
    skipOrFail(context, 'npm could not install the packages beside the command line.');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('installs notespace, which indexes with its model and its vector store', async () => {
  const bin = join(folder, 'node_modules', '.bin', 'notespace');
  const call = (...args: string[]) =>
    spawnSync(bin, args, { encoding: 'utf8', shell: process.platform === 'win32' });
  expect(call('--help').stdout).toContain('notespace pretrain');
  const corpus = await writeCorpus(join(folder, 'notes.jsonl'), makeNotes(6));
  const store = join(folder, 'store');
  const index = ['index', '--corpus', corpus, '--model', 'bundled', '--store', store, '--json'];
  expect(JSON.parse(call(...index).stdout)).toMatchObject({ format: 1, documents: 6 });
});

it('holds the programs, the bundled model and its documentation', () => {
  const read = (path: string): string => readFileSync(join(installed, path), 'utf8');
  for (const program of ['cli', 'job', 'heartbeat', 'probe']) read(`dist/${program}.mjs`);
  expect(read('models/notespace-minilm/README.md')).toContain('license');
  expect(read('README.md')).toContain('](docs/guide/start.md#notes-and-corpora)');
  expect(JSON.parse(read('package.json'))).toMatchObject({
    bin: { notespace: 'dist/cli.mjs' },
    optionalDependencies: { '@lancedb/lancedb-win32-x64-msvc': expect.any(String) as string },
  });
});
