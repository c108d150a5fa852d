/** Where the answer goes: a file on a full disk, and a reader that leaves early. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  makeNotes,
  program,
  removeFolder,
  temporaryFolder,
  writeCorpus,
} from '../engine/fixtures.js';
import { skipOrFail } from '../host/skip.js';
import { onlySentence, startWords } from './calls.js';

let folder: string;
let words: string[];

beforeAll(async () => {
  folder = await temporaryFolder();
  const corpus = await writeCorpus(join(folder, 'notes.jsonl'), makeNotes(10));
  words = [process.execPath, program('cli'), 'corpus', corpus, '--json'];
});
afterAll(() => removeFolder(folder));

const through = (script: string) =>
  startWords(folder, ['sh', '-c', script, 'sh', ...words]).outcome;

describe('standard output', () => {
  it('that takes no more is a failure', async (context) => {
    if (process.platform !== 'linux') skipOrFail(context, 'only Linux has /dev/full.');
    const outcome = await through('exec "$@" > /dev/full');
    expect(onlySentence(outcome)).toMatch(/Standard output: The disk is full/);
    expect(outcome.code).toBe(1);
  });

  it('that nobody reads to its end is none', async (context) => {
    if (process.platform === 'win32') skipOrFail(context, 'Windows has no sh.');
    const { stdout, stderr } = await through('{ "$@"; echo "code $?" >&2; } | true');
    expect(stdout).toBe('');
    expect(stderr).toBe('code 0\n');
  });
});
