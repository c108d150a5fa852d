/** Small trainings for the contract of backends: real objectives over the toy corpus, and made-up losses. */
import type { LossName } from '../../src/protocol/catalogue/losses.js';
import type { ObjectiveName } from '../../src/protocol/catalogue/objectives.js';
import type { Backend, PreparedTraining, TrainingWork } from '../../src/core/backend/backend.js';
import { decoderCorrect, decoderLoss } from '../../src/core/graph/decoderOps.js';
import { gatherRows, matMul } from '../../src/core/graph/ops.js';
import { countCategories } from '../../src/core/objectives/categories.js';
import { labelClassifier } from '../../src/core/objectives/labelLoss.js';
import { inputArray } from '../../src/core/objectives/loss.js';
import type { Loss } from '../../src/core/objectives/loss.js';
import type { Objective } from '../../src/core/objectives/objective.js';
import { objectives } from '../../src/core/objectives/registry.js';
import type {
  SampledStep,
  Sampler,
  Target,
  Targets,
} from '../../src/core/objectives/sampling/sampler.js';
import { parseTrainingConfig } from '../../src/core/train/config.js';
import { maskingSettings } from '../../src/core/train/samplers.js';
import { specsOfRun, isTrainedBy, withAdditions } from '../../src/core/train/trainedParameters.js';
import { tokenizeDocuments } from '../../src/core/tokens/dataset.js';
import { toyConfig, toyDocuments, toyParameters, toyTokenizer } from '../core/train/toyCorpus.js';
import { numberLoss, ownParameter } from '../core/objectives/madeUpLoss.js';
import { labelled } from '../core/train/toyRun.js';

export interface Case {
  readonly name: string;
  readonly objective: ObjectiveName;
  readonly training: object;
  /** In place of the losses of the objective's graph. */
  readonly losses?: readonly Loss[];
  /** What each example is to teach in place of what the sampler says. */
  readonly targets?: (ids: Int32Array) => Targets;
}

export interface Prepared {
  readonly work: TrainingWork;
  readonly sampler: Sampler;
  readonly parameters: ReadonlyMap<string, Float32Array>;
}

const options = { sessionLimitBytes: 1e9, onSplit: () => undefined };

export async function workOf(one: Case): Promise<Prepared> {
  const training = parseTrainingConfig({
    batchTokens: 256,
    batchDocuments: 6,
    mlmProbability: 0.3,
    ...one.training,
  });
  const documents = labelled(toyDocuments(24, null, 'contract'));
  const made = objectives[one.objective]({
    config: toyConfig,
    settings: training,
    categories: countCategories(documents),
  });
  const objective: Objective = { ...made, losses: one.losses ?? made.losses };
  const specs = specsOfRun(toyConfig, objective, training.lora);
  const { documents: read } = await tokenizeDocuments(
    documents,
    toyTokenizer,
    undefined,
    () => undefined,
  );
  const sampler = objective.createSampler({
    documents: read,
    batches: training,
    masking: maskingSettings(toyConfig, toyTokenizer, training),
    isWordStart: (id) => toyTokenizer.isWordStart(id),
    special: toyTokenizer.special,
    maxLength: 40,
    microBatchTokens: 128,
    seed: 4,
  });
  return {
    parameters: withAdditions(toyParameters(), toyConfig, specs, 4),
    sampler: one.targets === undefined ? sampler : retargeted(sampler, one.targets),
    work: {
      config: toyConfig,
      objective,
      shapes: sampler.shapes,
      stepCapacity: sampler.stepCapacity,
      lora: training.lora,
      threads: 1,
      lossWeights:
        one.losses === undefined
          ? objective.lossWeights
          : Object.fromEntries(one.losses.map(({ name }) => [name, 0.5])),
      specs,
      isTrained: isTrainedBy(training, toyConfig, false),
      optimizer: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01, maxGradNorm: 1 },
      seed: 4,
    },
  };
}

function retargeted(sampler: Sampler, targets: NonNullable<Case['targets']>): Sampler {
  return {
    ...sampler,
    step(step) {
      const sampled = sampler.step(step);
      const microBatches = sampled.microBatches.map(({ shape, rows }) => ({
        shape,
        rows: rows.map((row) =>
          row.map((example) => ({ ...example, targets: targets(example.inputIds) })),
        ),
      }));
      return { ...sampled, microBatches };
    },
  };
}

/** With one word for all tokens: what loses or misplaces updates of repeated rows shows it. */
export function repeating(prepared: Prepared): Prepared {
  const { sampler } = prepared;
  const step = (number: number): SampledStep => {
    const sampled = sampler.step(number);
    const microBatches = sampled.microBatches.map(({ shape, rows }) => ({
      shape,
      rows: rows.map((row) =>
        row.map((example) => ({ ...example, inputIds: example.inputIds.map(() => 7) })),
      ),
    }));
    return { ...sampled, microBatches };
  };
  return { ...prepared, sampler: { ...sampler, step } };
}

export function prepare(
  backend: Backend,
  { work, parameters }: Prepared,
  split = 1,
): Promise<PreparedTraining> {
  return backend.layOut(work, split).prepare({ ...options, parameters });
}

const learningRate = 2e-3;

export const stepWork = ({ sampler }: Prepared, step: number) => ({
  step,
  sampled: sampler.step(step),
  learningRate,
});

export async function runSteps(
  training: PreparedTraining,
  prepared: Prepared,
  from: number,
  to: number,
) {
  const outcomes = [];
  for (let step = from; step < to; step++) {
    outcomes.push(...(await training.run([stepWork(prepared, step)], {})));
  }
  return outcomes;
}

/** Copies: what a training lends may change with its next step. */
export async function parametersOf(training: PreparedTraining): Promise<Map<string, Float32Array>> {
  return new Map(
    [...(await training.readParameters())].map(([name, data]) => [name, data.slice()]),
  );
}

const width = toyConfig.hiddenSize;

/** Tokens that a decoder reads out of the pooled embedding, one place a slot. */
const slots = 3;

/** A decoder of its own over the pooled embedding: tokens at the first places, from it and a place alone. */
export const decoderOfPooled: Loss = {
  name: 'made-up-decoder' as LossName,
  parameters: [
    ownParameter('decoder.weight', [width, width]),
    ownParameter('decoder.bias', [toyConfig.vocabularySize]),
  ],
  fits: () => true,
  build({ scope, pooled, input, shape: { batchSize, sequencesPerRow } }) {
    const { graph } = scope;
    const count = batchSize * sequencesPerRow * slots;
    const decoded = matMul(graph, pooled(), scope.parameter('decoder.weight'), {});
    const decoder = {
      hidden: gatherRows(graph, decoded, input('decoderRows', 'int32', [count])),
      weight: scope.parameter('roberta.embeddings.word_embeddings.weight'),
      bias: scope.parameter('decoder.bias'),
      labels: input('decoderLabels', 'int32', [count]),
      weights: input('decoderWeights', 'float32', [count]),
    };
    return { loss: decoderLoss(graph, decoder), correct: () => decoderCorrect(graph, decoder) };
  },
  fill(inputs, places, scale) {
    const rows = inputArray(inputs, 'decoderRows').fill(0);
    const labels = inputArray(inputs, 'decoderLabels').fill(0);
    const weights = inputArray(inputs, 'decoderWeights').fill(0);
    for (const { example, sequence } of places) {
      const target = example.targets['made-up-decoder' as LossName];
      if (target === undefined) continue;
      target.labels.forEach((label, i) => {
        rows[sequence * slots + i] = sequence;
        labels[sequence * slots + i] = label;
        weights[sequence * slots + i] = scale * target.weight;
      });
    }
  },
};

const madeUp = (ids: Int32Array): Targets => {
  const targets: Record<string, Target> = {
    'made-up-number': { labels: Float32Array.of(ids.length / 40), positions: null, weight: 1 },
    'made-up-decoder': { labels: ids.slice(1, 1 + slots), positions: null, weight: 0.5 },
  };
  return targets;
};

const weighed = [1, 2, 0.5].map((present) => ({ present, absent: 1 }));

function ownRate(loss: Loss): Loss {
  return { ...loss, parameters: loss.parameters.map((spec) => ({ ...spec, rateFactor: 5 })) };
}

export const cases: readonly Case[] = [
  { name: 'masked tokens', objective: 'mlm', training: {} },
  {
    name: 'masked tokens, accumulated',
    objective: 'mlm',
    training: { gradientAccumulationSteps: 2 },
  },
  { name: 'DeCLUTR', objective: 'declutr', training: { lossWeights: { ntXent: 1, mlm: 0.5 } } },
  { name: 'contrast alone', objective: 'declutr', training: { lossWeights: { mlm: 0 } } },
  { name: 'categories', objective: 'note-category', training: { categoryWeights: 'balanced' } },
  {
    name: 'categories by contrast',
    objective: 'note-category',
    training: { categoryLoss: 'sup-con' },
  },
  { name: 'a decoder', objective: 'tsdae', training: {} },
  {
    name: 'several labels, with a learning rate for the head',
    objective: 'mlm',
    training: {},
    losses: [ownRate(labelClassifier(weighed, width))],
    targets: (ids) => ({
      labels: { labels: Float32Array.of(1, ids.length % 2, 0), positions: null, weight: 1 },
    }),
  },
  {
    name: 'low-rank adaptation',
    objective: 'mlm',
    training: { lora: { rank: 2, modules: ['query', 'value', 'output'] } },
  },
  {
    name: 'frozen layers',
    objective: 'declutr',
    training: { frozenLayers: 1, freezeEmbeddings: true },
  },
  {
    name: 'numbers, and a decoder of its own',
    objective: 'mlm',
    training: {},
    losses: [numberLoss('made-up-number' as LossName, width), decoderOfPooled],
    targets: madeUp,
  },
];
