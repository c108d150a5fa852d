import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cpu } from '../../../src/core/backend/cpu/cpu.js';
import { createRandom } from '../../../src/core/base/random.js';
import { mlm } from '../../../src/core/objectives/mlm.js';
import { parseTrainingConfig, trainingDefaults } from '../../../src/core/train/config.js';
import { trainStep } from '../../../src/core/train/step.js';
import { prepareRun } from '../../../src/core/train/trainingRun.js';
import { firstGradients } from '../backend/firstGradients.js';
import { toyConfig, toyDocuments, toyParameters, toyTokenizer } from './toyCorpus.js';

const nothing = (): void => undefined;

async function oneStep(
  parameters: Map<string, Float32Array>,
): Promise<{ gradients: Map<string, Float32Array>; loss: number; gradNorm: number }> {
  const run = await prepareRun({
    backend: cpu,
    objective: mlm({ config: toyConfig, settings: trainingDefaults, categories: [] }),
    config: toyConfig,
    parameters,
    tokenizer: toyTokenizer,
    trainDocuments: toyDocuments(24, null, 'train'),
    heldOutDocuments: toyDocuments(1, null, 'held-out'),
    training: parseTrainingConfig({
      maxGradNorm: 1e6,
      batchTokens: 512,
      gradientAccumulationSteps: 8,
      maxSteps: 1,
    }),
    seed: 3,
    threads: 1,
    checkpointFolder: join(tmpdir(), 'notespace-step-test'),
    resume: false,
    onMetrics: nothing,
    onProgress: nothing,
    now: () => 0,
  });
  try {
    expect(run.sampler.step(0).microBatches.length).toBeGreaterThan(1);
    const { loss, gradNorm } = await trainStep(run, 0);
    return { gradients: await firstGradients(run), loss, gradNorm };
  } finally {
    await run.prepared.release();
  }
}

/** Dense gradients, gradients that come as rows, and one that is both. */
const checked = [
  'roberta.embeddings.word_embeddings.weight',
  'roberta.embeddings.position_embeddings.weight',
  'roberta.embeddings.token_type_embeddings.weight',
  'roberta.encoder.layer.0.attention.self.value.weight',
  'lm_head.layer_norm.weight',
  'lm_head.bias',
];

describe('trainStep', () => {
  it('follows the gradient of its own loss, summed over micro-batches and repeated tokens', async () => {
    const parameters = toyParameters();
    // Away from the start, where many gradients are 0.
    const random = createRandom(5, 'noise');
    for (const values of parameters.values()) {
      for (let i = 0; i < values.length; i++) values[i]! += 0.1 * random.normal();
    }
    const { gradients, gradNorm } = await oneStep(parameters);
    for (const name of checked) {
      const gradient = gradients.get(name)!;
      const norm = Math.hypot(...gradient);
      expect(norm, name).toBeGreaterThan(1e-3 * gradNorm);
      // Along its own gradient the loss changes by the gradient's norm.
      const size = Math.min(0.002 / norm, 0.05);
      const losses = [];
      for (const sign of [1, -1]) {
        const values = parameters.get(name)!;
        const moved = values.map((value, i) => value + (sign * size * gradient[i]!) / norm);
        losses.push((await oneStep(new Map([...parameters, [name, moved]]))).loss);
      }
      const slope = (losses[0]! - losses[1]!) / (2 * size);
      expect(Math.abs(slope / norm - 1), name).toBeLessThan(0.02);
    }
  });
});
