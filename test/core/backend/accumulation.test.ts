/** Several batches a step are one larger batch, whatever the objective. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { trainStep } from '../../../src/core/train/step.js';
import { prepareRun } from '../../../src/core/train/trainingRun.js';
import type { ObjectiveName } from '../../../src/protocol/catalogue/objectives.js';
import { toyConfig, toyDocuments } from '../train/toyCorpus.js';
import { labelled, toyRun } from '../train/toyRun.js';
import { firstGradients } from './firstGradients.js';

/** Without dropout, which goes by the order of a step's examples. */
const config = { ...toyConfig, hiddenDropout: 0, attentionDropout: 0 };
const checkpointFolder = join(tmpdir(), 'notespace-accumulation');
/** A step is all notes, so that both ways read the same ones. */
const trainDocuments = labelled(toyDocuments(16, 30, 'accumulated'));

async function firstStep(name: ObjectiveName, training: object) {
  const options = { config, trainDocuments, checkpointFolder };
  const run = await prepareRun(toyRun(name, { maxGradNorm: 1e6, ...training }, options));
  try {
    const { microBatches } = run.sampler.step(0);
    const { loss, losses, tokens } = await trainStep(run, 0);
    const gradients = [...(await firstGradients(run)).values()].flatMap((values) => [...values]);
    return { loss, losses, tokens, gradients, microBatches };
  } finally {
    await run.prepared.release();
  }
}

const documents = [
  { batchDocuments: 16 },
  { batchDocuments: 8, gradientAccumulationSteps: 2 },
] as const;
const sequences = [
  { batchSequences: 16 },
  { batchSequences: 4, gradientAccumulationSteps: 4 },
] as const;

describe('gradientAccumulationSteps', () => {
  it.each([
    ['mlm', {}, ...sequences],
    ['declutr', {}, ...documents],
    ['note-category', { categoryLoss: 'sup-con' }, ...documents],
    ['note-category', { categoryWeights: 'balanced' }, ...sequences],
  ] as const)('makes %s %j with %j the same step as with %j', async (name, training, one, many) => {
    const whole = await firstStep(name, { ...training, ...one });
    const accumulated = await firstStep(name, { ...training, ...many });
    expect(accumulated.tokens).toBe(whole.tokens);
    if ('batchSequences' in many) {
      expect(whole.microBatches).toHaveLength(1);
      expect(accumulated.microBatches).toHaveLength(4);
    }
    expect(accumulated.loss).toBeCloseTo(whole.loss, 5);
    for (const [loss, value] of Object.entries(whole.losses)) {
      expect(accumulated.losses[loss as keyof typeof whole.losses]).toBeCloseTo(value, 5);
    }
    const error = Math.hypot(...whole.gradients.map((g, i) => g - accumulated.gradients[i]!));
    expect(error / Math.hypot(...whole.gradients)).toBeLessThan(1e-4);
  });

  it('compares the notes of all batches of a step with each other', async () => {
    const { loss } = await firstStep('declutr', documents[1]);
    const half = await firstStep('declutr', { batchDocuments: 8 });
    // Fewer others to be told apart from.
    expect(half.loss).toBeLessThan(loss - 0.1);
  });
});
