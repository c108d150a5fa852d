/** A run laid out before its first step: data, plan, graphs, memory, sessions. */
import { failure } from '../base/errors.js';
import { removeHalfWritten } from '../base/files.js';
import type { Document } from '../corpus/document.js';
import { longestSequence } from '../encoder/positions.js';
import type { EncoderConfig } from '../encoder/config.js';
import type { ParameterSpec } from '../encoder/parameters.js';
import type { GraphPurpose } from '../objectives/microBatchGraph.js';
import type { LossName, Objective, Sampler } from '../objectives/objective.js';
import { datasetFingerprint, sampleDataset, tokenizeDocuments } from '../tokens/dataset.js';
import type { Dataset } from '../tokens/dataset.js';
import type { Tokenizer } from '../tokens/tokenizer.js';
import { checkpointFolderBytes } from './checkpoint.js';
import type { RunIdentity } from './checkpoint.js';
import type { TrainingConfig } from './config.js';
import { dropoutKey } from '../backend/cpu/dropout.js';
import type { DropoutKey } from '../backend/cpu/dropout.js';
import { createExecutor, layOutGraphs } from '../backend/cpu/executor.js';
import type { Executor, GraphLayout } from '../backend/cpu/executor.js';
import { createParameterMemory, elementsOf } from '../backend/cpu/parameterMemory.js';
import type { ParameterMemory } from '../backend/cpu/parameterMemory.js';
import {
  comparisonBytes,
  freeDiskBytes,
  microBatchTokens,
  planTraining,
  mostCheckpoints,
  refuseLack,
  sessionMemoryBytes,
} from './plan.js';
import type { TrainingPlan } from './plan.js';
import { heldOutSampler, maskingSettings } from './samplers.js';
import { createStepLossRunner } from '../backend/cpu/stepLossRunner.js';
import type { StepLossRunner } from '../backend/cpu/stepLossRunner.js';
import { checkParameters, heldSpecs, isTrainedBy, withAdditions } from './trainedParameters.js';

export interface TrainingProgressReport {
  readonly phase: string;
  readonly done: number;
  readonly total: number | null;
  readonly unit: string;
}

/** One step, or a held-out loss between steps. */
export interface TrainingMetrics {
  readonly step: number;
  readonly loss: number | null;
  readonly losses: Readonly<Partial<Record<LossName, number>>>;
  readonly learningRate: number | null;
  readonly gradNorm: number | null;
  readonly tokensPerSecond: number | null;
  readonly heldOutLoss: number | null;
  readonly heldOutLosses?: Readonly<Partial<Record<LossName, number>>>;
}

export interface TrainOptions {
  readonly objective: Objective;
  readonly config: EncoderConfig;
  /** By Hugging Face name; left as they are. */
  readonly parameters: ReadonlyMap<string, Float32Array>;
  /** Identifies the base model by its content: only over the same one does a run go on. */
  readonly baseHash?: string;
  readonly tokenizer: Tokenizer;
  readonly trainDocuments: readonly Document[];
  readonly heldOutDocuments: readonly Document[];
  readonly training: TrainingConfig;
  readonly seed: number;
  readonly threads: number;
  readonly checkpointFolder: string;
  /** Goes on from the latest sound checkpoint, where there is one. */
  readonly resume: boolean;
  readonly signal?: AbortSignal;
  /** Awaited between micro-batches: stays pending while the run is paused. */
  readonly pauseGate?: () => Promise<void>;
  readonly onMetrics: (metrics: TrainingMetrics) => void;
  readonly onProgress: (progress: TrainingProgressReport) => void;
  /** A remark for the user, one sentence. */
  readonly onNote?: (sentence: string) => void;
  /** Milliseconds. */
  readonly now: () => number;
  /** Memory that the run may take; without it only the disk is checked. */
  readonly availableMemoryBytes?: number;
  /**
   * The parameters lack a masked-language-model head, which is to be made: it is trained even where
   * LoRA leaves the rest as it is.
   */
  readonly newHead?: boolean;
  /** Narrows down what is trained; else the settings decide. */
  readonly isTrained?: (spec: ParameterSpec) => boolean;
}

export interface TrainingRun {
  readonly options: TrainOptions;
  readonly objective: Objective;
  readonly dataset: Dataset;
  readonly sampler: Sampler;
  readonly heldOutSampler: Sampler;
  readonly totalSteps: number;
  readonly specs: readonly ParameterSpec[];
  readonly isTrained: (spec: ParameterSpec) => boolean;
  readonly plan: TrainingPlan;
  readonly freeDiskBytes: number | null;
  readonly sessionLimitBytes: number;
  readonly state: ParameterMemory;
  readonly scratch: Float32Array;
  readonly dropoutKey: DropoutKey;
  readonly identity: RunIdentity;
  readonly stepLoss: StepLossRunner | null;
  /** Runs that each micro-batch is cut into; more when memory is short. */
  split: number;
  /** The step of the latest checkpoint of this process, or that it went on from. */
  savedStep: number | null;
  executor: Executor;
}

/** Raised when the same seed gives other sequences, or lays them out otherwise. */
const samplerVersion = 2;

/** What a run reads, as tokens. */
export interface RunData {
  readonly dataset: Dataset;
  readonly heldOut: Dataset;
}

export async function readData(options: TrainOptions): Promise<RunData> {
  const { training, seed } = options;
  const dataset = await tokenize(options, options.trainDocuments);
  const allHeldOut = await tokenize(options, options.heldOutDocuments);
  if (dataset.documents.length === 0) {
    throw failure('No document is left to train on: add documents or lower heldOutFraction.');
  }
  if (allHeldOut.documents.length === 0) {
    throw failure('No document is left to hold out: add documents or raise heldOutFraction.');
  }
  return { dataset, heldOut: sampleDataset(allHeldOut, training.heldOutTokens, seed) };
}

export async function prepareRun(options: TrainOptions, data?: RunData): Promise<TrainingRun> {
  const { config, training, tokenizer, seed, objective } = options;
  const { dataset, heldOut } = data ?? (await readData(options));
  const specs = heldSpecs(config, objective, training.lora);
  const parameters = withAdditions(options.parameters, config, specs, seed);
  checkParameters(specs, parameters);
  const isTrained = options.isTrained ?? isTrainedBy(training, config, options.newHead ?? false);
  const trained = specs.filter(isTrained);
  if (trained.length === 0) {
    throw failure(
      'Every parameter is frozen: lower frozenLayers or set freezeEmbeddings to false.',
    );
  }
  const setup = {
    settings: training,
    masking: maskingSettings(config, tokenizer, training),
    special: tokenizer.special,
    maxLength: Math.min(training.maxLength ?? Infinity, longestSequence(config)),
    microBatchTokens: microBatchTokens(specs, training.batchTokens),
  };
  const sampler = objective.createSampler({ ...setup, documents: dataset.documents, seed });
  const measured = heldOutSampler(objective, { ...setup, documents: heldOut.documents, seed });
  // The comparison of training stays in memory while the held-out one is measured.
  const compared = [sampler, measured].map(({ stepCapacity }) =>
    comparisonBytes(objective.stepLoss?.compared(stepCapacity) ?? 0),
  );
  const layOut = (split: number): GraphLayout => layOutRun(options, sampler, isTrained, split);
  const parameterCount = specs.reduce((sum, spec) => sum + elementsOf(spec), 0);
  const memoryBytes = options.availableMemoryBytes ?? null;
  await removeHalfWritten(options.checkpointFolder);
  const diskBytes = await freeDiskBytes(options.checkpointFolder);
  const writtenBytes = await checkpointFolderBytes(options.checkpointFolder);
  const fitting = fit(layOut, sampler, memoryBytes, ({ bufferBytes, graphs }) =>
    planTraining(
      trained,
      parameterCount,
      bufferBytes,
      Math.max(...graphs.map(({ sessionBytes }) => sessionBytes)),
      compared.reduce((a, b) => a + b, 0),
      mostCheckpoints(training),
      writtenBytes,
    ),
  );
  const { layout, plan, split } = fitting;
  refuseLack(plan, { memoryBytes, diskBytes }, options.checkpointFolder);
  if (split > 1) {
    options.onNote?.(`Memory is short, so each micro-batch is cut into ${split} parts.`);
  }
  const state = createParameterMemory(specs, isTrained, parameters, layout.bufferBytes);
  const scratch = state.memory.floats(layout.bufferBytes / 4);
  const sessionLimitBytes = sessionMemoryBytes(plan, memoryBytes);
  return {
    options,
    objective,
    dataset,
    sampler,
    heldOutSampler: measured,
    totalSteps:
      training.maxSteps ?? Math.max(1, Math.round(training.epochs * sampler.stepsPerEpoch)),
    specs,
    isTrained,
    plan,
    freeDiskBytes: diskBytes,
    sessionLimitBytes,
    state,
    scratch,
    dropoutKey: dropoutKey(seed),
    identity: {
      objective: objective.name,
      'version of the sampler': samplerVersion,
      'training configuration': training,
      seed,
      model: config,
      'base model': options.baseHash ?? null,
      corpus: datasetFingerprint(dataset),
    },
    stepLoss:
      objective.stepLoss === null
        ? null
        : await createStepLossRunner(
            objective.stepLoss,
            config.hiddenSize,
            sampler.stepCapacity,
            options.threads,
          ),
    split,
    savedStep: null,
    executor: executorOf(options, { layout, state, scratch, sessionLimitBytes }),
  };
}

export function layOutRun(
  { objective, config, training }: TrainOptions,
  { shapes }: Sampler,
  isTrained: (spec: ParameterSpec) => boolean,
  split: number,
): GraphLayout {
  const purposes: GraphPurpose[] = objective.stepLoss === null ? ['train'] : ['train', 'embed'];
  const { lora } = training;
  return layOutGraphs({
    config,
    objective,
    shapes,
    purposes,
    isTrained,
    lora,
    dropout: true,
    split,
  });
}

interface Fitting {
  readonly layout: GraphLayout;
  readonly plan: TrainingPlan;
  readonly split: number;
}

/** Cuts micro-batches until the plan fits, or they are single rows. */
function fit(
  layOut: (split: number) => GraphLayout,
  sampler: Sampler,
  memoryBytes: number | null,
  planOf: (layout: GraphLayout) => TrainingPlan,
): Fitting {
  for (let split = 1; ; split *= 2) {
    const layout = layOut(split);
    const plan = planOf(layout);
    const fits = memoryBytes === null || plan.memoryBytes <= memoryBytes;
    if (fits || isFinest(sampler, split)) return { layout, plan, split };
  }
}

/** Whether micro-batches are single rows. */
export function isFinest({ shapes }: Sampler, split: number): boolean {
  return shapes.every(({ batchSize }) => batchSize <= split);
}

export function executorOf(
  { threads }: TrainOptions,
  run: Pick<TrainingRun, 'state' | 'scratch' | 'sessionLimitBytes'> & { layout: GraphLayout },
): Executor {
  const { layout, state, scratch, sessionLimitBytes } = run;
  return createExecutor({
    layout,
    parameters: state.parameters,
    scratch,
    threads,
    sessionLimitBytes,
  });
}

async function tokenize(
  { tokenizer, signal, onProgress }: TrainOptions,
  documents: readonly Document[],
): Promise<Dataset> {
  return tokenizeDocuments(documents, tokenizer, signal, (done) => {
    onProgress({ phase: 'Reading notes', done, total: documents.length, unit: 'notes' });
  });
}
