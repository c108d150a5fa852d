/** Small pre-training runs in real job processes, to be killed, starved and looked at afterwards. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { processExists } from '../../src/core/base/processes.js';
import { createRun, readState, startJob, writeJob } from '../../src/engine/runFolder.js';
import type { PretrainJob } from '../../src/protocol/pretraining.js';
import type { MetricsLine, RunState } from '../../src/protocol/run.js';
import { eventually, makeNotes, program, writeCorpus, writeTinyModel } from './fixtures.js';

export interface TrainingPlace {
  readonly folder: string;
  readonly corpus: string;
  readonly base: string;
}

export async function makePlace(folder: string, notes = 150): Promise<TrainingPlace> {
  return {
    folder,
    corpus: await writeCorpus(join(folder, 'notes.jsonl'), makeNotes(notes, 40)),
    base: await writeTinyModel(join(folder, 'base')),
  };
}

export function trainingJob(
  { corpus, base }: Pick<TrainingPlace, 'corpus' | 'base'>,
  change: Partial<PretrainJob> = {},
): PretrainJob {
  return {
    kind: 'pretrain',
    corpus: { source: corpus, mapping: {} },
    objective: 'mlm',
    base,
    device: 'cpu',
    maxSteps: 20,
    seed: 3,
    resume: false,
    ...change,
    config: { saveSteps: 5, batchTokens: 256, heldOutTokens: 500, ...change.config },
  };
}

/** Its process ids, so that a test can end what it started. */
export interface Started {
  readonly run: string;
  readonly pid: number;
}

export async function begin(folder: string, name: string, spec: PretrainJob): Promise<Started> {
  return launch(await createRun(join(folder, 'runs'), name, spec, Date.now()));
}

export async function goOn(run: string, spec: PretrainJob): Promise<Started> {
  await writeJob(run, { ...spec, resume: true }, Date.now());
  return launch(run);
}

/** Starts a job whose process may not have more than `bytes` of memory of its own. */
export async function beginStarved(
  folder: string,
  name: string,
  spec: PretrainJob,
  bytes: number,
): Promise<Started> {
  const run = await createRun(join(folder, 'runs'), name, spec, Date.now());
  const words = [`--data=${bytes}`, process.execPath, program('job'), run];
  const child = spawn('prlimit', words, { stdio: 'ignore', env: jobEnvironment(run) });
  return { run, pid: child.pid! };
}

function jobEnvironment(run: string): NodeJS.ProcessEnv {
  const cache = join(run, '..', 'cache');
  // Models this small are slower on more threads.
  return { ...process.env, NOTESPACE_CACHE: cache, NOTESPACE_THREADS: '1' };
}

async function launch(run: string): Promise<Started> {
  const pid = await startJob(run, {
    script: program('job'),
    execPath: process.execPath,
    env: jobEnvironment(run),
  });
  return { run, pid };
}

export async function gone(pid: number): Promise<void> {
  await eventually(`the end of ${pid}`, () => Promise.resolve(!processExists(pid)));
}

export async function kill({ pid }: Started): Promise<void> {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it had ended by itself
  }
  await gone(pid);
}

/** The state that a job left behind. */
export async function outcome({ run, pid }: Started): Promise<RunState> {
  await gone(pid);
  return (await readState(run))!;
}

export async function weightsOf(run: string): Promise<string> {
  const bytes = await readFile(join(run, 'model', 'model.safetensors'));
  return createHash('sha256').update(bytes).digest('hex');
}

/** Every line, parsed: one that does not parse fails the test. */
export async function metricsOf(run: string): Promise<MetricsLine[]> {
  const text = await readFile(join(run, 'metrics.jsonl'), 'utf8');
  const lines = text.split('\n');
  if (lines.pop() !== '') throw new Error('The last line of the metrics is not complete.');
  return lines.map((line) => JSON.parse(line) as MetricsLine);
}

export async function stepsOf(run: string): Promise<number[]> {
  return (await metricsOf(run)).filter(({ loss }) => loss !== null).map(({ step }) => step);
}

export async function checkpointsOf(run: string): Promise<string[]> {
  return (await readdir(join(run, 'checkpoints'))).sort();
}
