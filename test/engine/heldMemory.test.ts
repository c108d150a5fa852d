/** The plan of a run counts the corpus, which is in memory beside the training. */
import { expect, it } from 'vitest';
import type { RunPlan } from '../../src/core/train/runPlan.js';
import { withHeldMemory } from '../../src/engine/job/heldMemory.js';

const plan: RunPlan = {
  ...{ device: 'cpu', threads: 2, steps: 1, stages: [], tokensPerStep: 1, trainedParameters: 1 },
  ...{ parameters: 1, memoryBytes: 1.1e9, freeMemoryBytes: 8e9, diskBytes: 1, freeDiskBytes: 1 },
  ...{ expectedSeconds: 1, categories: null, advice: [] },
};

it('adds what is held beyond Node itself, and what was free beside it', () => {
  expect(withHeldMemory(plan, { heldBefore: 1.3e9, held: 1.8e9, peak: 2e9 })).toEqual({
    ...plan,
    memoryBytes: 2.6e9,
    freeMemoryBytes: 9e9,
  });
});

it('is no less than what reading took', () => {
  const read = { heldBefore: 1.3e9, held: 1.8e9, peak: 3e9 };
  expect(withHeldMemory(plan, read).memoryBytes).toBe(3e9);
});

it('adds nothing for a small corpus, and invents no free memory', () => {
  expect(withHeldMemory(plan, { heldBefore: 1e8, held: 2e8, peak: 3e8 })).toEqual(plan);
  const unknown = { ...plan, freeMemoryBytes: null };
  const much = { heldBefore: 9e9, held: 9e9, peak: 9e9 };
  expect(withHeldMemory(unknown, much).freeMemoryBytes).toBeNull();
});
