/** Real job processes: what their folders say while they work, are cancelled, are killed. */
import { spawn } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { processExists } from '../../src/core/base/processes.js';
import { readMetricsFrom } from '../../src/engine/metricsLines.js';
import {
  createRun,
  isAlive,
  killRun,
  readRawState,
  readState,
  startJob,
  writeControl,
  writeJob,
} from '../../src/engine/runFolder.js';
import type { PretrainResult } from '../../src/protocol/pretraining.js';
import type { JobSpec, RunState } from '../../src/protocol/run.js';
import {
  eventually,
  makeNotes,
  program,
  removeFolder,
  secretWord,
  temporaryFolder,
  writeCorpus,
  writeTinyModel,
} from './fixtures.js';

let folder: string;
let corpus: string;
let tiny: string;
let slow: string;
const started: number[] = [];

beforeAll(async () => {
  folder = await temporaryFolder();
  corpus = await writeCorpus(join(folder, 'notes.jsonl'), makeNotes(300, 60));
  tiny = await writeTinyModel(join(folder, 'tiny'));
  // One micro-batch of this one takes long enough to be cancelled in its middle.
  slow = await writeTinyModel(join(folder, 'slow'), { hiddenSize: 256, hiddenLayers: 4 });
});

afterAll(async () => {
  for (const pid of started) if (processExists(pid)) process.kill(pid, 'SIGKILL');
  await removeFolder(folder);
});

function pretraining(base: string, maxSteps: number, resume = false): JobSpec {
  return {
    kind: 'pretrain',
    corpus: { source: corpus, mapping: {} },
    objective: 'mlm',
    base,
    device: 'auto',
    maxSteps,
    seed: 3,
    resume,
    config: { saveSteps: 5, batchTokens: 2048, heldOutTokens: 500 },
  };
}

async function start(name: string, spec: JobSpec): Promise<string> {
  const run = await createRun(join(folder, 'runs'), name, spec, Date.now());
  await startAgain(run);
  return run;
}

async function startAgain(run: string): Promise<void> {
  started.push(
    await startJob(run, {
      script: program('job'),
      execPath: process.execPath,
      env: { ...process.env, NOTESPACE_CACHE: join(folder, 'cache') },
    }),
  );
}

function ended(run: string): Promise<RunState> {
  return eventually(`the end of ${run}`, async () => {
    const state = await readState(run);
    return state !== null && ['done', 'failed', 'cancelled'].includes(state.status) ? state : null;
  });
}

async function trainingSteps(run: string): Promise<number> {
  const { lines } = await readMetricsFrom(run, 0);
  return Math.max(0, ...lines.filter(({ loss }) => loss !== null).map(({ step }) => step));
}

function inTraining(run: string): Promise<number> {
  return eventually(`a first step of ${run}`, async () => (await trainingSteps(run)) || null);
}

describe('a pre-training job', () => {
  it('trains, writes a model, and says so', async () => {
    const run = await start('trains', pretraining(tiny, 8));
    const state = await ended(run);
    expect(state.error).toBeNull();
    expect(state.status).toBe('done');
    const result = state.result as PretrainResult;
    expect(result).toMatchObject({ kind: 'pretrain', run, steps: 8, documents: 300 });
    expect(result.documentsTrain + result.documentsHeldOut).toBe(300);
    expect(result.heldOutLoss.after).toBeLessThan(result.heldOutLoss.before);
    expect(await readdir(result.model)).toContain('model.safetensors');
    const { lines } = await readMetricsFrom(run, 0);
    expect(lines.filter(({ loss }) => loss !== null).map(({ step }) => step)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8,
    ]);
    expect(await readdir(run)).not.toContain('lock');
  });

  it('writes no note text anywhere in its folder', async () => {
    const run = await start('private', pretraining(tiny, 3));
    await ended(run);
    for (const name of await readdir(run, { recursive: true })) {
      const text = await readFile(join(run, name), 'latin1').catch(() => '');
      // The vocabulary is the base model's; the words of a note stand there in no order.
      if (name.includes('tokenizer')) continue;
      expect(text, name).not.toContain(secretWord);
      expect(text, name).not.toContain('seen today');
    }
  });

  it('acknowledges a cancel within half a second, saves, and can be resumed', async () => {
    const run = await start('cancelled', pretraining(slow, 12));
    await inTraining(run);
    const asked = Date.now();
    await writeControl(run, 'cancel');
    const acknowledged = await eventually('the acknowledgement', async () => {
      const state = await readRawState(run);
      return state !== null && state.status !== 'running' ? Date.now() : null;
    });
    expect(acknowledged - asked).toBeLessThan(500);
    const state = await ended(run);
    expect(state.status).toBe('cancelled');
    expect(Date.now() - asked).toBeLessThan(30_000);
    const steps = await trainingSteps(run);
    expect((await readdir(join(run, 'checkpoints'))).length).toBeGreaterThan(0);

    await writeJob(run, pretraining(slow, 12, true), Date.now());
    await startAgain(run);
    const resumed = await ended(run);
    expect(resumed.error).toBeNull();
    expect(steps).toBeLessThan(12);
    const { lines } = await readMetricsFrom(run, 0);
    const taken = lines.filter(({ loss }) => loss !== null).map(({ step }) => step);
    expect(taken).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));
  });

  it('kills itself at the second cancel, within two seconds', async () => {
    const run = await start('killed', pretraining(slow, 400));
    await inTraining(run);
    const pid = (await readRawState(run))?.pid ?? 0;
    await writeControl(run, 'cancel');
    await eventually('the acknowledgement', async () => {
      return (await readRawState(run))?.status === 'cancelling';
    });
    const asked = Date.now();
    await writeControl(run, 'cancel');
    await eventually('the end of the process', () => Promise.resolve(!processExists(pid)), 2000);
    expect(Date.now() - asked).toBeLessThan(2000);
    expect((await ended(run)).status).toBe('cancelled');
  });

  it('pauses and goes on', async () => {
    const run = await start('paused', pretraining(tiny, 4000));
    await inTraining(run);
    await writeControl(run, 'pause');
    await eventually('the pause', async () => (await readRawState(run))?.status === 'paused');
    await new Promise((resolve) => setTimeout(resolve, 300));
    const steps = await trainingSteps(run);
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(await trainingSteps(run)).toBe(steps);
    await writeControl(run, 'resume');
    await eventually('more steps', async () => (await trainingSteps(run)) > steps);
    await writeControl(run, 'cancel');
    expect((await ended(run)).status).toBe('cancelled');
  });

  it('ends with its model when it is asked to finish, while it is paused', async () => {
    const run = await start('finished', pretraining(tiny, 4000));
    await inTraining(run);
    await writeControl(run, 'pause');
    await eventually('the pause', async () => (await readRawState(run))?.status === 'paused');
    await writeControl(run, 'finish');
    const state = await ended(run);
    expect(state).toMatchObject({ status: 'done', error: null });
    const { steps, model } = state.result as PretrainResult;
    expect(steps).toBe(await trainingSteps(run));
    expect(await readdir(model)).toContain('model.safetensors');
    expect(state.notes.join(' ')).toMatch(/ended after \d+ of 4,000 steps, as it was asked to/);
  });

  it('reads as failed, with a sentence, after it was killed from outside', async () => {
    const run = await start('crashed', pretraining(slow, 400));
    await inTraining(run);
    const state = await readRawState(run);
    process.kill(state?.pid ?? 0, 'SIGKILL');
    const dead = await ended(run);
    expect(dead.status).toBe('failed');
    expect(dead.error?.message).toMatch(/ended without a word.*resume/);
    // A lock that it left behind hinders nobody.
    await writeJob(run, pretraining(slow, 400, true), Date.now());
    await startAgain(run);
    await eventually('work', async () => (await readRawState(run))?.status === 'running');
    await writeControl(run, 'cancel');
    expect((await ended(run)).status).toBe('cancelled');
  });

  it('outlives the process that started it', async () => {
    const run = await createRun(join(folder, 'runs'), 'orphan', pretraining(slow, 400), Date.now());
    const script = `
      const { spawn } = require('node:child_process');
      spawn(process.execPath, [${JSON.stringify(program('job'))}, ${JSON.stringify(run)}],
        { detached: true, stdio: 'ignore' }).unref();`;
    const parent = spawn(process.execPath, ['-e', script], { stdio: 'ignore' });
    await new Promise((resolve) => parent.once('exit', resolve));
    await inTraining(run);
    const state = await readRawState(run);
    started.push(state?.pid ?? 0);
    expect(state !== null && isAlive(state)).toBe(true);
    if (process.platform === 'linux') {
      const libraries = await readFile(`/proc/${state?.pid ?? 0}/maps`, 'utf8');
      expect(libraries).toContain('onnxruntime');
      expect(libraries).not.toContain('lancedb');
    }
    await killRun(run);
    expect((await ended(run)).status).toBe('failed');
  });

  it('refuses a folder that another job works in', async () => {
    const run = await start('busy', pretraining(slow, 400));
    await inTraining(run);
    const second = spawn(process.execPath, [program('job'), run]);
    let said = '';
    second.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    const code = await new Promise((resolve) => second.once('exit', resolve));
    expect(code).toBe(2);
    expect(said).toContain('is in use by process');
    expect((await readRawState(run))?.status).toBe('running');
    await writeControl(run, 'cancel');
    await ended(run);
  });

  it('refuses a tokenizer of more tokens than the model has', async () => {
    const base = await writeTinyModel(join(folder, 'narrow'), { vocabularySize: 300 });
    const { status, error } = await ended(await start('narrow', pretraining(base, 3)));
    expect(status).toBe('failed');
    expect(error?.kind).toBe('failed');
    expect(error?.message).toMatch(/tokenizer of .*narrow knows \d+ tokens and its model 300, /);
  });

  it.each([
    ['another device', { device: 'cuda' }, 'usage', /trained on cpu or webgpu, not on cuda/],
    ['an unknown setting', { config: { lr: 1 } }, 'usage', /no "lr"/],
    ['a missing corpus', { corpus: { source: '/no/such', mapping: {} } }, 'usage', /no file/],
    ['a missing model', { base: '/no/such' }, 'usage', /./],
  ])('refuses %s in one sentence', async (_what, change, kind, message) => {
    const spec = { ...pretraining(tiny, 3), ...change } as JobSpec;
    const state = await ended(await start('refused', spec));
    expect(state.status).toBe('failed');
    expect(state.error?.kind).toBe(kind);
    expect(state.error?.message).toMatch(message);
    expect(state.error?.message).not.toContain('\n');
  });
});

describe('an indexing job', () => {
  it('names settings as the editor does', async () => {
    const source = join(folder, 'titled.csv');
    await writeFile(source, `Report of the ward\n\nid,text\n1,"Seen ${'today '.repeat(9)}"\n`);
    const store = join(folder, 'titled-store');
    const corpusSpec = { source, mapping: {} };
    const run = await start('titled', {
      ...{ kind: 'index', corpus: corpusSpec, model: tiny, store, device: 'cpu' },
    });
    const { status, notes } = await ended(run);
    expect(status).toBe('done');
    expect(notes.join(' ')).toContain('"Lines above the table: 0" to read them');
  });
});
