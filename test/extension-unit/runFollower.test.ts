import { spawn } from 'node:child_process';
import { appendFile, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { processExists } from '../../src/core/base/processes.js';
import { createRun, readControl, readRawState } from '../../src/engine/runFolder.js';
import type { MetricsLine, RunState } from '../../src/protocol/run.js';
import { cancelRun, followRun } from '../../src/extension/runs/runFollower.js';
import type { Disposable } from '../../src/extension/disposable.js';

let runs: string;
let folder: string;
let follower: Disposable | undefined;

beforeEach(async () => {
  runs = await mkdtemp(join(tmpdir(), 'notespace-runs-'));
  const spec = { kind: 'project', store: '/store', seed: 0 } as const;
  folder = await createRun(runs, 'project-1', spec, Date.now());
});

afterEach(async () => {
  follower?.dispose();
  await rm(runs, { recursive: true, force: true });
});

async function setState(change: Partial<RunState>): Promise<void> {
  const state = await readRawState(folder);
  const next = { ...state, host: hostname(), pid: process.pid, updatedAt: Date.now(), ...change };
  // As a job does: whoever reads meanwhile must not see half of it.
  await writeFile(join(folder, 'next.json'), JSON.stringify(next));
  await rename(join(folder, 'next.json'), join(folder, 'state.json'));
}

function line(step: number): string {
  const metrics: MetricsLine = {
    format: 1,
    step,
    time: 0,
    loss: 7 - step,
    losses: {},
    learningRate: null,
    gradNorm: null,
    tokensPerSecond: null,
    heldOutLoss: null,
    memoryBytes: null,
  };
  return `${JSON.stringify(metrics)}\n`;
}

it('tells of every change until the run is over, its last metrics included', async () => {
  const states: string[] = [];
  const steps: (number | 'reset')[] = [];
  await setState({ status: 'running' });
  await appendFile(join(folder, 'metrics.jsonl'), line(1) + line(2));
  follower = followRun(
    folder,
    {
      onState: ({ status }) => states.push(status),
      onMetrics(lines, reset) {
        if (reset) steps.push('reset');
        steps.push(...lines.map(({ step }) => step));
      },
      onLost: (error) => states.push(String(error)),
    },
    20,
  );
  await expect.poll(() => states).toEqual(['running']);
  await appendFile(join(folder, 'metrics.jsonl'), line(3));
  await expect.poll(() => steps).toEqual(['reset', 1, 2, 3]);
  await appendFile(join(folder, 'metrics.jsonl'), line(4));
  await setState({ status: 'done' });
  await expect.poll(() => states).toEqual(['running', 'done']);
  expect(steps).toEqual(['reset', 1, 2, 3, 4]);
});

it('begins anew when a resumed run has dropped lines', async () => {
  const resets: boolean[] = [];
  await setState({ status: 'running' });
  await appendFile(join(folder, 'metrics.jsonl'), line(1) + line(2));
  follower = followRun(
    folder,
    {
      onState: () => undefined,
      onMetrics: (_lines, reset) => resets.push(reset),
      onLost: () => undefined,
    },
    20,
  );
  await expect.poll(() => resets).toEqual([true]);
  await writeFile(join(folder, 'metrics.jsonl'), line(1));
  await expect.poll(() => resets).toEqual([true, true]);
});

it('says once when the folder has gone', async () => {
  let lost = 0;
  await setState({ status: 'running' });
  follower = followRun(folder, { onState: () => undefined, onLost: () => lost++ }, 20);
  await rm(folder, { recursive: true });
  await expect.poll(() => lost).toBe(1);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(lost).toBe(1);
});

it('first asks a job to cancel, and kills one that does not even heed the second time', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)']);
  const gone = new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal)));
  await setState({ status: 'running', pid: child.pid ?? 0 });
  await cancelRun(folder, 1);
  expect((await readControl(folder))?.command).toBe('cancel');
  expect(processExists(child.pid ?? 0)).toBe(true);
  await setState({ status: 'cancelling', pid: child.pid ?? 0 });
  await cancelRun(folder, 2);
  expect(await gone).toBe('SIGKILL');
});
