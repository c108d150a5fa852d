/** `npm start` on a corpus that is none: what the run before it made stays. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { firstRun } from '../../src/cli/firstRun.js';
import { createTerminal } from '../../src/cli/terminal.js';
import { program, removeFolder, temporaryFolder } from '../engine/fixtures.js';
import { startWords } from './calls.js';

let folder: string;

beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => removeFolder(folder));

describe('the first run', () => {
  it.each([
    ['a corpus that is not there', 'nowhere', null],
    ['one without notes', 'empty.csv', 'id,text\n'],
  ])('keeps the last report when it is given %s', async (_what, name, content) => {
    const corpus = join(folder, name);
    if (content !== null) await writeFile(corpus, content);
    const out = join(folder, 'first-run');
    await mkdir(out, { recursive: true });
    await writeFile(join(out, 'report.html'), 'the last one');
    const quiet = { write: () => true };
    const now = (): number => 0;
    const context = {
      terminal: createTerminal({ stdout: quiet, stderr: quiet }, now),
      signal: new AbortController().signal,
      env: {},
      cwd: folder,
      now,
    };
    await expect(firstRun({ corpus, out, showNoteText: false }, context)).rejects.toMatchObject({
      kind: 'usage',
    });
    expect(await readFile(join(out, 'report.html'), 'utf8')).toBe('the last one');
  });

  it('exits with 2 where its call is wrong, as the command line does', async () => {
    const words = [process.execPath, program('start'), join(folder, 'nowhere')];
    const { code, stderr } = await startWords(folder, words).outcome;
    expect(stderr).toContain('There is no file or folder');
    expect(code).toBe(2);
  });
});
