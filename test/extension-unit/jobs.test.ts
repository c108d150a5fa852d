import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createRun, readControl, readState, runName } from '../../src/engine/runFolder.js';
import { createJobs } from '../../src/extension/runs/jobs.js';
import type { Jobs } from '../../src/extension/runs/jobs.js';
import type { ImportJob } from '../../src/protocol/modelImport.js';
import { runFileNames } from '../../src/protocol/run.js';
import { host } from '../host/fakeVscode.js';

let root: string;
let runs: string;
let jobs: Jobs;

beforeEach(async () => {
  host.reset();
  root = await mkdtemp(join(tmpdir(), 'notespace-jobs-'));
  runs = join(root, 'runs');
  const jobScript = join(root, 'job.mjs');
  await writeFile(jobScript, '');
  jobs = createJobs(
    { jobScript, cache: root } as never,
    { error: () => undefined, log: () => undefined } as never,
  );
});
afterEach(async () => {
  jobs.dispose();
  await rm(root, { recursive: true, force: true, maxRetries: 5 });
});

const importOf = (target: string): ImportJob => ({
  kind: 'import',
  source: { folder: '/elsewhere/model' },
  target,
});

it('brings one model once at a time', async () => {
  const [first, second, other] = await Promise.allSettled([
    jobs.start(runs, importOf('/models/one')),
    jobs.start(runs, importOf('/models/one')),
    jobs.start(runs, importOf('/models/two')),
  ]);
  expect(first.status).toBe('fulfilled');
  expect(second).toMatchObject({ status: 'rejected', reason: { message: /being done already/ } });
  expect(other.status).toBe('fulfilled');
  // Whoever saw the folders first: both were started here.
  expect(jobs.running().map(({ isOurs }) => isOurs)).toEqual([true, true]);
});

it('does not begin what another window is at', async () => {
  const now = new Date();
  await createRun(runs, runName('import', now), importOf('/models/one'), now.getTime());
  await expect(jobs.start(runs, importOf('/models/one'))).rejects.toThrow(/being done already/);
  expect(jobs.running()).toMatchObject([{ isOurs: false }]);
});

it('follows a run that was found at work, once, and none that is over', async () => {
  const now = new Date();
  const spec = importOf('/models/one');
  const folder = await createRun(runs, runName('import', now), spec, now.getTime());
  const state = await readState(folder);
  if (state === null) throw new Error('no state');
  jobs.adopt({ folder, spec, state });
  jobs.adopt({ folder, spec, state: { ...state, status: 'running' } });
  jobs.adopt({ folder: `${folder}-2`, spec, state: { ...state, status: 'done' } });
  expect(jobs.running().map((job) => basename(job.folder))).toEqual([basename(folder)]);
});

it('counts no cancel that could not be asked for', async () => {
  const now = new Date();
  const spec = importOf('/models/one');
  const folder = await createRun(runs, runName('import', now), spec, now.getTime());
  const state = await readState(folder);
  if (state === null) throw new Error('no state');
  jobs.adopt({ folder, spec, state });
  const control = join(folder, runFileNames.control);
  await mkdir(join(control, 'in the way'), { recursive: true });
  await expect(jobs.cancel(folder)).rejects.toThrow(/The run folder/);
  await rm(control, { recursive: true });
  const pressed = performance.now();
  await jobs.cancel(folder);
  expect(await readControl(folder)).toMatchObject({ command: 'cancel' });
  // A second cancel would wait before it kills.
  expect(performance.now() - pressed).toBeLessThan(1000);
});
