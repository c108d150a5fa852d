/** How fast a device trains: a few steps of a small model, through its backend. */
import type { Backend, TrainingWork } from '../core/backend/backend.js';
import { createRandom } from '../core/base/random.js';
import type { EncoderConfig } from '../core/encoder/config.js';
import { parameterSpecs } from '../core/encoder/declarations.js';
import { initialParameters } from '../core/encoder/parameters.js';
import { maskedTokens } from '../core/objectives/maskedTokens.js';
import type { Example, SampledStep } from '../core/objectives/sampling/sampler.js';

const rows = 4;
const sequenceLength = 128;
const predictedEvery = 7;
const predictions = rows * Math.ceil(sequenceLength / predictedEvery);

/** Layers of MiniLM's size; few, and few words, so that a slow device answers too. */
const config: EncoderConfig = {
  modelType: 'roberta',
  vocabularySize: 1024,
  hiddenSize: 384,
  hiddenLayers: 2,
  attentionHeads: 12,
  intermediateSize: 1536,
  activation: 'gelu',
  maxPositionEmbeddings: 130,
  typeVocabularySize: 1,
  padTokenId: 1,
  layerNormEps: 1e-5,
  hiddenDropout: 0.1,
  attentionDropout: 0.1,
  initializerRange: 0.02,
};

/** @returns useful operations in GFLOP/s, the best of a few steps after one that warms up */
export async function measureTraining(
  backend: Backend,
  { threads, now }: { readonly threads: number; readonly now: () => number },
): Promise<number> {
  const specs = parameterSpecs(config, { mlmHead: true });
  const parameters = initialParameters(specs, config, createRandom(0, 'training speed'));
  const work: TrainingWork = {
    config,
    objective: { losses: [maskedTokens], stepLoss: null },
    shapes: [{ batchSize: rows, sequenceLength, sequencesPerRow: 1, predictions }],
    stepCapacity: 0,
    lora: null,
    threads,
    lossWeights: { mlm: 1 },
    specs,
    isTrained: () => true,
    optimizer: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01, maxGradNorm: 1 },
    seed: 0,
  };
  const training = await backend.layOut(work, 1).prepare({
    parameters,
    sessionLimitBytes: Infinity,
    onSplit: () => undefined,
  });
  try {
    let best = 0;
    const start = now();
    // One step warms up, and a slow device takes one more.
    for (let step = 0; step < 2 || (step < 6 && now() - start < 2000); step++) {
      const begun = now();
      const [outcome] = await training.run([{ step, sampled: sampledStep(), learningRate: 0 }], {});
      const milliseconds = now() - begun;
      if (step > 0) best = Math.max(best, (outcome?.flops ?? 0) / (milliseconds * 1e6));
    }
    return best;
  } finally {
    await training.release();
  }
}

function sampledStep(): SampledStep {
  const positions = Int32Array.from(
    { length: Math.ceil(sequenceLength / predictedEvery) },
    (_, i) => i * predictedEvery,
  );
  const example = (row: number): Example => {
    const inputIds = Int32Array.from(
      { length: sequenceLength },
      (_, i) => 5 + ((row * sequenceLength + i) % (config.vocabularySize - 5)),
    );
    const labels = positions.map((position) => inputIds[position]!);
    return { inputIds, row: -1, targets: { mlm: { labels, positions, weight: 1 } } };
  };
  return {
    microBatches: [{ shape: 0, rows: Array.from({ length: rows }, (_, row) => [example(row)]) }],
    stepInputs: {},
    stepWeight: 0,
  };
}
