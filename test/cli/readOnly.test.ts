/** A disk that can only be read: a real one, a small file system in memory, where mounting is allowed. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  makeNotes,
  removeFolder,
  temporaryFolder,
  writeCorpus,
  writeTinyModel,
} from '../engine/fixtures.js';
import { skipOrFail } from '../host/skip.js';
import {
  mountSmallDisk,
  noSmallDisk,
  remountSmallDisk,
  unmountSmallDisk,
} from '../host/smallDisk.js';
import { callsIn } from './calls.js';

let folder: string;
let disk: string;
let store: string;
let corpus: string;
let model: string;
let mounted = false;

beforeAll(async () => {
  folder = await temporaryFolder();
  disk = join(folder, 'disk');
  store = join(folder, 'store');
  await mkdir(disk);
  corpus = await writeCorpus(join(folder, 'notes.jsonl'), makeNotes(60));
  model = await writeTinyModel(join(folder, 'model'));
  mounted = mountSmallDisk(disk, '1m');
  if (!mounted) return;
  const { json } = callsIn(folder);
  const index = ['index', '--corpus', corpus, '--model', model, '--store', store];
  await json(...index, '--device', 'cpu');
  remountSmallDisk(disk, 'ro');
});
afterAll(async () => {
  if (mounted) unmountSmallDisk(disk);
  await removeFolder(folder);
});

describe('a disk that can only be read', () => {
  const readOnly = /The file system is read-only: choose a folder that can be written/;

  it('is named where the run would go', async (context) => {
    if (!mounted) skipOrFail(context, noSmallDisk);
    const { refusal } = callsIn(folder);
    const mlm = ['pretrain', '--corpus', corpus, '--objective', 'mlm', '--base', model];
    expect(await refusal(1, ...mlm, '--out', join(disk, 'runs', 'run'))).toMatch(readOnly);
  });

  it.for<[string, () => string[]]>([
    ['index', () => ['--corpus', corpus, '--model', model, '--store', join(folder, 'other')]],
    ['doctor', () => []],
    ['similar', () => ['--store', store, '--text', 'cough']],
  ])('is named by %s where the cache would be', async ([command, rest], context) => {
    if (!mounted) skipOrFail(context, noSmallDisk);
    const { refusal } = callsIn(folder, { NOTESPACE_CACHE: join(disk, 'some', 'cache') });
    const sentence = await refusal(1, command, ...rest());
    expect(sentence).toMatch(readOnly);
    expect(sentence).toContain('The cache folder');
  });
});
