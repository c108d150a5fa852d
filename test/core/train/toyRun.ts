/** A short run of any objective over the toy corpus. */
import { cpu } from '../../../src/core/backend/cpu/cpu.js';
import type { Document } from '../../../src/core/corpus/document.js';
import { countCategories } from '../../../src/core/objectives/categories.js';
import { objectives } from '../../../src/core/objectives/registry.js';
import { parseTrainingConfig } from '../../../src/core/train/config.js';
import type { TrainOptions } from '../../../src/core/train/trainingRun.js';
import type { ObjectiveName } from '../../../src/protocol/catalogue/objectives.js';
import { toyConfig, toyDocuments, toyParameters, toyTokenizer } from './toyCorpus.js';

const nothing = (): void => undefined;

/** The topic is the category; every seventh note has none. */
export function labelled(documents: readonly Document[]): Document[] {
  return documents.map((document, i) => ({
    ...document,
    category: i % 7 === 6 ? null : i % 2 === 0 ? 'even' : 'odd',
  }));
}

export function toyRun(
  name: ObjectiveName,
  training: object,
  overrides: Partial<TrainOptions> & Pick<TrainOptions, 'checkpointFolder'>,
): TrainOptions {
  const parsed = parseTrainingConfig({
    learningRate: 3e-3,
    batchTokens: 1024,
    batchDocuments: 16,
    maxSteps: 8,
    warmupSteps: 3,
    ...training,
  });
  const trainDocuments = overrides.trainDocuments ?? labelled(toyDocuments(120, null, 'train'));
  const config = overrides.config ?? toyConfig;
  const categories = countCategories(trainDocuments);
  return {
    backend: cpu,
    objective: objectives[name]({ config, settings: parsed, categories }),
    config,
    parameters: toyParameters(config),
    tokenizer: toyTokenizer,
    trainDocuments,
    heldOutDocuments: labelled(toyDocuments(40, null, 'held-out')),
    training: parsed,
    seed: 7,
    threads: 1,
    resume: false,
    onMetrics: nothing,
    onProgress: nothing,
    now: () => performance.now(),
    ...overrides,
  };
}
