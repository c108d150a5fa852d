import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openNote } from '../../src/extension/commands/openNote.js';
import { fakeServices } from './fixtures/services.js';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'notespace-open-'));
});
afterEach(() => rm(root, { recursive: true }));

/** What is said when the editor refuses to open the file. */
async function refusal(file: string | null): Promise<unknown> {
  const { services, asked } = fakeServices('ward');
  const opened = openNote(services, { key: 'k' }).catch((error: unknown) => error);
  await expect.poll(() => asked.length).toBe(1);
  await asked[0]?.answer({ id: 'a', key: 'k', text: '', category: null, file });
  return opened;
}

async function fileOf(bytes: number): Promise<string> {
  const path = join(root, 'note.txt');
  const file = await open(path, 'w');
  await file.truncate(bytes);
  await file.close();
  return path;
}

it('says that the file of a note is gone', async () => {
  const error = await refusal(join(root, 'gone.txt'));
  expect(error).toMatchObject({
    kind: 'usage',
    message: expect.stringMatching(/^The file of this note is gone: index/) as string,
  });
});

it('says that a file is too large', async () => {
  const error = await refusal(await fileOf(51 * 2 ** 20));
  expect(error).toMatchObject({
    kind: 'usage',
    message: expect.stringMatching(/too large/) as string,
  });
});

it('leaves what it cannot explain as it is', async () => {
  expect(await refusal(await fileOf(10))).toMatchObject({
    message: expect.stringMatching(/does not open it/) as string,
  });
  expect(await refusal(null)).toMatchObject({
    message: expect.stringMatching(/does not open it/) as string,
  });
});
