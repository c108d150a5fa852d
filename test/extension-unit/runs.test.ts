import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { canResume, deleteRun, listAllRuns, listPretrainings } from '../../src/engine/runs.js';
import { runText } from '../../src/engine/runText.js';
import type { PretrainJob, PretrainResult } from '../../src/protocol/pretraining.js';
import type { JobSpec, RunState } from '../../src/protocol/run.js';

let home: string;
let runs: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'runs-'));
  runs = join(home, 'runs');
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const pretrain: PretrainJob = {
  kind: 'pretrain',
  corpus: { source: '/notes', mapping: {} },
  objective: 'declutr',
  base: '/models/base',
  device: 'auto',
  maxSteps: 400,
  seed: 0,
  resume: false,
  config: {},
};
const result = {
  kind: 'pretrain',
  steps: 400,
  heldOutLoss: { before: 6.1, after: 2.514 },
} as PretrainResult;

function stateOf(part: Partial<RunState>): RunState {
  return {
    format: 1,
    kind: 'pretrain',
    name: 'x',
    status: 'done',
    pid: 1,
    host: hostname(),
    startedAt: 1,
    updatedAt: Date.now(),
    progress: null,
    notes: [],
    result: null,
    error: null,
    ...part,
  };
}

function write(name: string, spec: JobSpec, state: Partial<RunState>): string {
  const folder = join(runs, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'job.json'), JSON.stringify(spec));
  writeFileSync(join(folder, 'state.json'), JSON.stringify(stateOf({ name, ...state })));
  return folder;
}

describe('The runs of a folder', () => {
  it('are listed, the newest first, whatever they did; damaged ones are left out', async () => {
    write('old', pretrain, { startedAt: 1 });
    write('map', { kind: 'project', store: '/s', seed: 0 }, { kind: 'project', startedAt: 2 });
    const newest = write('new', pretrain, { startedAt: 3 });
    mkdirSync(join(newest, 'model'));
    writeFileSync(join(newest, 'model', 'config.json'), '{}');
    writeFileSync(join(write('broken', pretrain, {}), 'state.json'), '{');
    mkdirSync(join(runs, '.deleted-1-0'));
    const all = await listAllRuns(runs);
    expect(all.map(({ name, model }) => [name, model !== null])).toEqual([
      ['new', true],
      ['map', false],
      ['old', false],
    ]);
    expect((await listPretrainings(runs)).map(({ name }) => name)).toEqual(['new', 'old']);
    expect(await listAllRuns(join(home, 'nowhere'))).toEqual([]);
  });

  it('are deleted whole, and nothing beside them', async () => {
    write('one', pretrain, {});
    const kept = write('two', pretrain, {});
    symlinkSync(kept, join(runs, 'link'));
    await deleteRun(runs, 'one');
    expect(readdirSync(runs).sort()).toEqual(['link', 'two']);
    for (const name of ['one', 'link', '../runs/two', '..', '.', '']) {
      await expect(deleteRun(runs, name), name).rejects.toThrow('There is no such run');
    }
    expect(readdirSync(runs).sort()).toEqual(['link', 'two']);
  });

  it('are not deleted while they are at work', async () => {
    write('busy', pretrain, { status: 'running', pid: process.pid });
    await expect(deleteRun(runs, 'busy')).rejects.toThrow(/busy is at work: cancel it/);
    expect(readdirSync(runs)).toEqual(['busy']);
  });

  it('can go on when they stopped before they were done', async () => {
    write('a', pretrain, { status: 'cancelled', startedAt: 3 });
    write('b', pretrain, { startedAt: 2 });
    write('c', pretrain, { status: 'running', pid: process.pid, startedAt: 1 });
    expect((await listAllRuns(runs)).map(canResume)).toEqual([true, false, false]);
  });
});

describe('A run in a few words', () => {
  const progress = { phase: 'Training', done: 120, total: 400, unit: 'steps' };
  it.each<[Partial<RunState>, string]>([
    [{ result }, 'DeCLUTR, 400 steps, 6.10 → 2.51'],
    [{ status: 'running', progress }, 'DeCLUTR, running: 120 of 400 steps'],
    [{ status: 'cancelled', progress }, 'DeCLUTR, cancelled: 120 of 400 steps'],
    [{ status: 'failed' }, 'DeCLUTR, failed'],
    [{ status: 'starting' }, 'DeCLUTR, starting'],
  ])('%o', (state, text) => {
    expect(runText({ spec: pretrain, state: stateOf(state) })).toBe(text);
  });

  it('names other jobs by what they do', () => {
    const spec: JobSpec = { kind: 'project', store: '/s', seed: 0 };
    expect(runText({ spec, state: stateOf({ kind: 'project' }) })).toBe('Map');
  });
});
