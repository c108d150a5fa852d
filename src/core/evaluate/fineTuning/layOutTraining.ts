/** Lays out fine-tuning before its first step: sequences, graphs, memory. */
import type {
  Backend,
  PreparedTraining,
  TrainingLayout,
  TrainingWork,
} from '../../backend/backend.js';
import { elementsOf } from '../../backend/state.js';
import type { ParameterSpec } from '../../encoder/parameters.js';
import { documentSampler } from '../../objectives/sampling/documentSampler.js';
import type { Sampler } from '../../objectives/sampling/sampler.js';
import {
  microBatchTokens,
  needsOfRun,
  refuseLack,
  sessionMemoryBytes,
  withModels,
} from '../../train/needs.js';
import type { RunNeeds } from '../../train/needs.js';
import {
  checkParameters,
  isTrainedBy,
  specsOfRun,
  withAdditions,
} from '../../train/trainedParameters.js';
import type { FineTuneOptions } from './options.js';
import { teachingOf } from './head.js';
import type { FineTuningSettings } from './settings.js';
import type { ModelShape } from './predict.js';

export interface LaidOutTraining {
  readonly sampler: Sampler;
  readonly steps: number;
  /** What is trained. */
  readonly trained: readonly ParameterSpec[];
  /** Before the first step, head and low-rank factors included. */
  readonly parameters: ReadonlyMap<string, Float32Array>;
  prepare(): Promise<PreparedTraining>;
}

/** Most tokens of a micro-batch; `microBatchTokens` lowers it for large models. */
const mostTokens = 4096;

/** @param sequences token ids of the training documents, special tokens included */
export function layOutTraining(
  options: FineTuneOptions,
  settings: FineTuningSettings,
  { config, poolings, lora, labels, classes, maxLength }: ModelShape,
  sequences: readonly Int32Array[],
): LaidOutTraining {
  const { train, seed, threads } = options;
  const { loss, targetsOf } = teachingOf(
    labels,
    train.actual,
    classes,
    settings.classWeights,
    config.hiddenSize,
  );
  const rateFactor = (settings.headLearningRate ?? settings.learningRate) / settings.learningRate;
  const parametersOfHead = loss.parameters.map((spec) => ({ ...spec, rateFactor }));
  const losses = [{ ...loss, parameters: parametersOfHead }];
  const specs = specsOfRun(config, { losses }, lora);
  const isTrained = isTrainedBy(settings, config, false);
  const sampler = documentSampler(
    { sequences, targetsOf },
    { batches: settings, maxLength, microBatchTokens: microBatchTokens(specs, mostTokens), seed },
  );
  const work: TrainingWork = {
    config,
    objective: { losses, stepLoss: null },
    shapes: sampler.shapes,
    stepCapacity: sampler.stepCapacity,
    lora,
    poolings,
    threads,
    lossWeights: { [loss.name]: 1 },
    specs,
    isTrained,
    optimizer: {
      beta1: settings.adamBeta1,
      beta2: settings.adamBeta2,
      epsilon: settings.adamEpsilon,
      weightDecay: settings.weightDecay,
      maxGradNorm: settings.maxGradNorm,
    },
    seed,
  };
  const complete = withAdditions(options.model.parameters, config, specs, seed);
  checkParameters(specs, complete);
  const parameters = new Map(specs.map(({ name }) => [name, complete.get(name)!]));
  const { layout, needs } = fitting(options, work);
  return {
    sampler,
    steps: settings.maxSteps ?? Math.max(1, Math.round(settings.epochs * sampler.stepsPerEpoch)),
    trained: specs.filter(isTrained),
    parameters,
    prepare: () =>
      layout.prepare({
        parameters,
        sessionLimitBytes: sessionMemoryBytes(needs, options.availableMemoryBytes ?? null),
        onSplit: (split) =>
          options.onNote?.(
            `Memory ran out, so each micro-batch is cut into ${split} parts and fine-tuning goes on.`,
          ),
      }),
  };
}

/** Splits micro-batches until they fit or are single rows; throws if those do not fit. */
function fitting(
  {
    backend,
    availableMemoryBytes,
    onNote,
  }: Pick<FineTuneOptions, 'onNote' | 'availableMemoryBytes'> & {
    readonly backend: Backend;
  },
  work: TrainingWork,
): { readonly layout: TrainingLayout; readonly needs: RunNeeds } {
  const memoryBytes = availableMemoryBytes ?? null;
  for (let split = 1; ; split *= 2) {
    const layout = backend.layOut(work, split);
    const own = needsOfRun({
      memory: layout.memory,
      stepLossBytes: 0,
      parameterCount: work.specs.reduce((sum, spec) => sum + elementsOf(spec), 0),
      checkpoints: 0,
      writtenBytes: 0,
    });
    // The best weights are kept in memory.
    const needs = withModels(own, work.specs.filter(work.isTrained), 1);
    const fits = memoryBytes === null || needs.memoryBytes <= memoryBytes;
    if (!fits && !layout.isFinest) continue;
    refuseLack(needs, { memoryBytes, diskBytes: null }, '');
    if (split > 1) onNote?.(`Memory is short, so each micro-batch is cut into ${split} parts.`);
    return { layout, needs };
  }
}
