/**
 * Fine-tuning for classification: encoder and a linear head on its pooled embedding learn together,
 * by AdamW with early stopping on validation documents, and then tell the classes of test documents.
 */
import { failure, usageError } from '../../base/errors.js';
import { poolingLabel } from '../../../protocol/catalogue/poolings.js';
import type { PoolingName } from '../../../protocol/catalogue/poolings.js';
import { longestSequence } from '../../encoder/positions.js';
import { poolsByWeights } from '../../encoder/pooling.js';
import type { FineTuned, FineTuneOptions } from './options.js';
import { predict } from './predict.js';
import type { FineTunedModel } from './predict.js';
import { readSequences } from './sequences.js';
import { fineTuningDefaults } from './settings.js';
import { trainClassifier } from './trainClassifier.js';

/**
 * Equal for the same seed, threads and device.
 *
 * @throws UserError if there is nothing to train on or to score, if memory does not suffice, or if
 * the loss stops being a number
 * @throws Cancelled
 */
export async function fineTune(options: FineTuneOptions): Promise<FineTuned> {
  const { model, tokenizer, labels, classes, test, signal, pauseGate } = options;
  const settings = { ...fineTuningDefaults, ...options.settings };
  const { poolings = ['mean'], config } = model;
  check(options, poolings);
  const maxLength = Math.min(settings.maxLength ?? Infinity, longestSequence(config));
  const train = await readSequences(options.train.texts, tokenizer, maxLength, signal);
  const validation = await readSequences(options.validation.texts, tokenizer, maxLength, signal);
  const shape = { config, tokenizer, poolings, lora: settings.lora, labels, classes, maxLength };
  const { parameters, ...trained } = await trainClassifier(options, settings, shape, {
    train: train.sequences,
    validation: validation.sequences,
  });
  const fineTuned: FineTunedModel = { ...shape, parameters };
  const { backend, threads, onProgress } = options;
  const predicted = await predict(fineTuned, test, {
    backend,
    threads,
    signal,
    pauseGate,
    onProgress: (done, total) =>
      onProgress?.({ phase: 'Classifying test notes', done, total, unit: 'notes' }),
  });
  return {
    ...trained,
    model: fineTuned,
    probabilities: predicted.probabilities,
    cut: { train: train.cut, validation: validation.cut, test: predicted.cut },
  };
}

function check(
  { train, validation, labels, classes }: FineTuneOptions,
  poolings: readonly PoolingName[],
): void {
  if (train.texts.length === 0) {
    throw failure(
      'No note with a label is left to fine-tune on: add notes or choose another target.',
    );
  }
  if (validation.texts.length === 0) {
    throw failure(
      'No note with a label is left for validation, which decides when fine-tuning ends: add notes or choose another target.',
    );
  }
  if (!poolsByWeights(poolings)) {
    throw usageError(
      `The model embeds a text as ${poolingLabel(poolings)}, which cannot be fine-tuned: choose a model that takes the mean or the first token.`,
    );
  }
  for (const { texts, actual } of [train, validation]) {
    const values = labels === 'one' ? texts.length : texts.length * classes;
    const limit = labels === 'one' ? classes : 2;
    if (actual.length !== values || !actual.every((value) => value >= 0 && value < limit)) {
      throw new RangeError(`${actual.length} labels do not fit ${texts.length} texts`);
    }
  }
}
