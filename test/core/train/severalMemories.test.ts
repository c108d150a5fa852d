/** A state that spans several memories is trained as in one, to the last digit. */
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cpu, cpuBackend } from '../../../src/core/backend/cpu/cpu.js';
import { planMemories } from '../../../src/core/backend/cpu/memoryPlan.js';
import type { Backend } from '../../../src/core/backend/backend.js';
import { prepareRun } from '../../../src/core/train/trainingRun.js';
import { train } from '../../../src/core/train/trainer.js';
import type { TrainOptions } from '../../../src/core/train/trainingRun.js';
import type { ObjectiveName } from '../../../src/protocol/catalogue/objectives.js';
import { toyRun } from './toyRun.js';

/** Bytes of a memory: a third of the toy model's state, and less than buffers and first table need. */
const limits = { mlm: 130_000, declutr: 56_000 } as const;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'memories-'));
});
afterEach(() => rm(folder, { recursive: true }));

function options(objective: ObjectiveName, backend: Backend, name: string): TrainOptions {
  const training = { maxSteps: 6, saveSteps: 2, batchTokens: 32, batchDocuments: 4, maxLength: 24 };
  return toyRun(objective, training, { backend, checkpointFolder: join(folder, name) });
}

/** Without its first line, which holds times, and the checksum. */
async function stateOf(name: string): Promise<Buffer> {
  const files = (await readdir(join(folder, name))).sort();
  const bytes = await readFile(join(folder, name, files.at(-1)!));
  return bytes.subarray(bytes.indexOf('\n') + 1, -32);
}

describe.each(Object.entries(limits))('%s over several memories', (name, memoryLimit) => {
  const objective = name as keyof typeof limits;
  const small = cpuBackend(memoryLimit);

  it('needs at least three, and as much in all', async () => {
    const several = await prepareRun(options(objective, small, 'a'));
    const one = await prepareRun(options(objective, cpu, 'b'));
    await several.prepared.release();
    await one.prepared.release();
    expect(several.needs).toEqual(one.needs);
    const { specs, isTrained } = one;
    const plan = planMemories(specs.filter(isTrained), 37_000, memoryLimit);
    expect(plan.memories.length).toBeGreaterThanOrEqual(3);
    // The largest buffers are kept apart from the tables, whose rows are then added across.
    expect(plan.regions[0]!.parts[0]!.memory).toBe(objective === 'mlm' ? 0 : 1);
  });

  it('gives the weights and the checkpoint of one memory, resumed too', async () => {
    const one = await train(options(objective, cpu, 'one'));
    const several = await train(options(objective, small, 'several'));
    expect(several.parameters).toEqual(one.parameters);
    expect(several.loss).toEqual(one.loss);
    expect(several.heldOutLoss).toEqual(one.heldOutLoss);
    const expected = await stateOf('one');
    expect((await stateOf('several')).equals(expected)).toBe(true);

    const controller = new AbortController();
    const cancelled = train({
      ...options(objective, small, 'resumed'),
      signal: controller.signal,
      onMetrics: ({ step, loss }) => {
        if (step === 3 && loss !== null) controller.abort();
      },
    });
    await expect(cancelled).rejects.toThrow('Cancelled');
    // Memories are no part of a checkpoint: it goes on in one, or in several.
    const resumed = await train({ ...options(objective, small, 'resumed'), resume: true });
    expect(resumed.parameters).toEqual(one.parameters);
    expect((await stateOf('resumed')).equals(expected)).toBe(true);
  });
});
