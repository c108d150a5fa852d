/** A model that is fine-tuned with a classifier on top. */
import type { Backend } from '../../backend/backend.js';
import { fineTune } from '../fineTuning/fineTune.js';
import { predictedOf } from '../fineTuning/macroF1.js';
import type { FineTuningProgress } from '../fineTuning/options.js';
import type { FineTuningSettings } from '../fineTuning/settings.js';
import type { LoadedModel } from '../protocol.js';
import type { Classifier } from './classifier.js';
import type { Material } from './material.js';
import type { Watch } from './words.js';

export interface FineTunedOptions extends Watch {
  readonly material: Material;
  readonly model: LoadedModel;
  readonly settings: Partial<FineTuningSettings>;
  readonly backend: Backend;
  readonly threads: number;
  readonly availableMemoryBytes?: number | undefined;
  readonly pauseGate: () => Promise<void>;
  readonly onProgress: (progress: FineTuningProgress) => void;
  readonly note: (sentence: string) => void;
}

export function fineTunedClassifier(options: FineTunedOptions): Classifier {
  const { material, model, note } = options;
  const { target, validation, test } = material;
  const classes = target.classes.length;
  return {
    name: 'fine-tuned',
    seedsWithAll: Infinity,
    onlyWithAll: false,
    async classify({ train, seed }) {
      const tuned = await fineTune({
        model: { ...model, poolings: model.sentence.poolings },
        tokenizer: model.tokenizer,
        labels: target.labels,
        classes,
        train,
        validation,
        test: test.texts,
        settings: options.settings,
        seed,
        backend: options.backend,
        threads: options.threads,
        ...(options.availableMemoryBytes === undefined
          ? {}
          : { availableMemoryBytes: options.availableMemoryBytes }),
        signal: options.signal,
        pauseGate: options.pauseGate,
        now: options.now,
        residentBytes: options.residentBytes,
        onProgress: options.onProgress,
        onNote: note,
      });
      const { probabilities, best, trainableParameters, seconds, peakMemoryBytes } = tuned;
      return {
        probabilities,
        predicted: predictedOf(target.labels, probabilities, classes),
        trainableParameters,
        seconds,
        memoryBytes: peakMemoryBytes,
        choice: `step ${best.step}`,
      };
    },
  };
}
