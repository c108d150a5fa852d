import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { installedModel } from '../../src/engine/bundledModel.js';

it('finds the bundled model of this version, also where an earlier one named its folder', async () => {
  const root = await mkdtemp(join(tmpdir(), 'notespace-installed-'));
  const [older, newer] = ['1.0.0', '1.1.0'].map((version) => join(root, version, 'starter'));
  await mkdir(newer ?? '', { recursive: true });
  expect(await installedModel('bundled', newer ?? '')).toBe(newer);
  expect(await installedModel(older ?? '', newer ?? '')).toBe(newer);
  expect(await installedModel('/models/mine', newer ?? '')).toBe('/models/mine');
  await mkdir(older ?? '', { recursive: true });
  expect(await installedModel(older ?? '', newer ?? '')).toBe(older);
  await rm(root, { recursive: true });
});
