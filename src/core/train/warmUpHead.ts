/** Adds a masked-language-model head to a base model without one. */
import { initialMlmHead } from '../encoder/initialHead.js';
import { mlm } from '../objectives/mlm.js';
import { unigramLogFrequencies } from '../tokens/unigrams.js';
import { trainStep } from './step.js';
import { prepareRun } from './trainingRun.js';
import type { RunData, TrainOptions } from './trainingRun.js';

/** High, because only the new head is trained and the encoder is frozen. */
const learningRate = 1e-3;

/**
 * Initialises the head from the frequencies of the training tokens and trains it alone for
 * `headWarmupSteps`, so that its poor first predictions do not spoil the encoder.
 *
 * @returns the parameters of `options` with the head
 */
export async function withNewHead(
  options: TrainOptions,
  data: RunData,
): Promise<Map<string, Float32Array>> {
  const { config, tokenizer, training, onProgress } = options;
  const windows = data.dataset.documents.map(({ ids }) => ids);
  const frequencies = unigramLogFrequencies(windows, config.vocabularySize, {
    specialIds: tokenizer.specialIds,
  });
  const parameters = new Map([...options.parameters, ...initialMlmHead(config, frequencies)]);
  const settings = {
    ...training,
    learningRate,
    learningRateSchedule: 'linear' as const,
    warmupSteps: null,
    maxSteps: training.headWarmupSteps,
    lossWeights: null,
    lora: null,
  };
  const run = await prepareRun(
    {
      ...options,
      objective: mlm({ config, settings, categories: [] }),
      parameters,
      training: settings,
      isTrained: ({ part }) => part === 'mlmHead',
    },
    data,
  );
  try {
    for (let step = 0; step < run.totalSteps; step++) {
      await trainStep(run, step);
      onProgress({
        phase: 'Warming up the new head',
        done: step + 1,
        total: run.totalSteps,
        unit: 'steps',
      });
    }
    const trained = await run.prepared.readParameters();
    for (const { name, part } of run.specs) {
      if (part === 'mlmHead') parameters.set(name, trained.get(name)!.slice());
    }
    return parameters;
  } finally {
    await run.prepared.release();
  }
}
