import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { readGivenTitle, renameRun, runTitle } from '../../src/engine/runTitle.js';
import type { PretrainJob } from '../../src/protocol/pretraining.js';

const spec: PretrainJob = {
  ...{ kind: 'pretrain', objective: 'declutr', base: 'bundled', device: 'auto' },
  ...{ maxSteps: 4, seed: 0, resume: false, config: {} },
  corpus: { source: '/data/ward letters.csv.gz', mapping: {} },
};
const state = { startedAt: new Date(2026, 10, 24, 9, 30).getTime() };

it('A run is called by what it does and when it began, until it is given a name', () => {
  expect(runTitle({ spec, state })).toBe('DeCLUTR on ward letters, 24 Nov 09:30');
  expect(runTitle({ spec: { kind: 'project', store: '/a/ward', seed: 0 }, state })).toMatch(
    /^Map of ward, 24 Nov/,
  );
  expect(runTitle({ title: 'First try', spec, state })).toBe('First try');
});

it('A name is kept in the folder of the run, and refused where it is none', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'title-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  expect(await readGivenTitle(folder)).toBeNull();
  await renameRun(folder, '  First try  ');
  expect(await readGivenTitle(folder)).toBe('First try');
  for (const bad of ['', '   ', 'a\nb', 'x'.repeat(81)]) {
    await expect(renameRun(folder, bad)).rejects.toThrow(/name/);
  }
  expect(await readGivenTitle(folder)).toBe('First try');
  await writeFile(join(folder, 'name.json'), '{"format":1,"name":"a\\u0007b"}');
  expect(await readGivenTitle(folder)).toBeNull();
});
