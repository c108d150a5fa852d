import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { removeOldData } from '../../../src/core/index/manifest.js';

it('deletes old tables, and nothing of another name', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'notespace-manifest-'));
  const others = ['data-2024', 'data-collection', 'data-0123456789', 'data-01234567.bak', 'notes'];
  for (const name of ['data-01234567', 'data-89abcdef', ...others]) await mkdir(join(folder, name));
  await removeOldData(folder, ['data-89abcdef']);
  expect((await readdir(folder)).sort()).toEqual([...others, 'data-89abcdef'].sort());
  await rm(folder, { recursive: true });
});
