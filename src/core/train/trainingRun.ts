/** Prepares a run before its first step: data, plan, graphs, memory and sessions. */
import { failure } from '../base/errors.js';
import { removeHalfWritten } from '../base/files.js';
import type { Document } from '../corpus/document.js';
import { longestSequence } from '../encoder/positions.js';
import type { EncoderConfig } from '../encoder/config.js';
import type { ParameterSpec } from '../encoder/parameters.js';
import type {
  Backend,
  Losses,
  PreparedTraining,
  TrainingLayout,
  TrainingWork,
} from '../backend/backend.js';
import { elementsOf } from '../backend/state.js';
import { ownPasses } from '../objectives/loss.js';
import type { Objective } from '../objectives/objective.js';
import type { Sampler, SamplerSetup } from '../objectives/sampling/sampler.js';
import { datasetFingerprint, sampleDataset, tokenizeDocuments } from '../tokens/dataset.js';
import type { Dataset } from '../tokens/dataset.js';
import type { Tokenizer } from '../tokens/tokenizer.js';
import { checkpointFolderBytes } from './checkpoint.js';
import type { RunIdentity } from './checkpoint.js';
import type { TrainingConfig } from './config.js';
import {
  comparisonBytes,
  freeDiskBytes,
  microBatchTokens,
  needsOfRun,
  mostCheckpoints,
  refuseLack,
  sessionMemoryBytes,
} from './needs.js';
import type { RunNeeds } from './needs.js';
import { heldOutSampler, maskingSettings } from './samplers.js';
import { checkParameters, specsOfRun, isTrainedBy, withAdditions } from './trainedParameters.js';

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
  readonly losses: Losses;
  readonly learningRate: number | null;
  readonly gradNorm: number | null;
  readonly tokensPerSecond: number | null;
  readonly heldOutLoss: number | null;
  readonly heldOutLosses?: Losses;
}

export interface TrainOptions {
  /** The device that trains. */
  readonly backend: Backend;
  readonly objective: Objective;
  readonly config: EncoderConfig;
  /** By Hugging Face name; not modified. */
  readonly parameters: ReadonlyMap<string, Float32Array>;
  /** Identifies the base model by content; a run can only be resumed with the same one. */
  readonly baseHash?: string;
  readonly tokenizer: Tokenizer;
  readonly trainDocuments: readonly Document[];
  readonly heldOutDocuments: readonly Document[];
  readonly training: TrainingConfig;
  readonly seed: number;
  readonly threads: number;
  readonly checkpointFolder: string;
  /** Resumes from the latest sound checkpoint, if there is one. */
  readonly resume: boolean;
  readonly signal?: AbortSignal;
  /** Awaited between micro-batches; pending while the run is paused. */
  readonly pauseGate?: () => Promise<void>;
  readonly onMetrics: (metrics: TrainingMetrics) => void;
  readonly onProgress: (progress: TrainingProgressReport) => void;
  /** Called with a remark for the user, one sentence. */
  readonly onNote?: (sentence: string) => void;
  /** Longest sequence, if memory holds no longer one; see `withFittingWindow`. */
  readonly window?: number;
  /** A clock in milliseconds. */
  readonly now: () => number;
  /** Memory available to the run; if absent, only disk space is checked. */
  readonly availableMemoryBytes?: number;
  /**
   * Whether a masked-language-model head must be created; it is then trained even if LoRA freezes
   * the rest.
   */
  readonly newHead?: boolean;
  /** Restricts what is trained; if absent, the settings decide. */
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
  readonly needs: RunNeeds;
  readonly freeDiskBytes: number | null;
  readonly prepared: PreparedTraining;
  readonly identity: RunIdentity;
  /** Step of the latest checkpoint that this process saved or resumed from. */
  savedStep: number | null;
}

/** Increment when the same seed gives other sequences or another layout. */
const samplerVersion = 2;

/** The run's data, as tokens. */
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
  const { config, training, seed, objective, threads, onNote } = options;
  const { dataset, heldOut } = data ?? (await readData(options));
  const specs = specsOfRun(config, objective, training.lora);
  const parameters = withAdditions(options.parameters, config, specs, seed);
  checkParameters(specs, parameters);
  const isTrained = options.isTrained ?? isTrainedBy(training, config, options.newHead ?? false);
  if (!specs.some(isTrained)) {
    throw failure(
      'Every parameter is frozen: lower frozenLayers or set freezeEmbeddings to false.',
    );
  }
  const setup = samplerSetup(options, specs);
  const sampler = objective.createSampler({ ...setup, documents: dataset.documents });
  const measured = heldOutSampler(objective, { ...setup, documents: heldOut.documents });
  const work: TrainingWork = {
    config,
    objective,
    shapes: sampler.shapes,
    stepCapacity: sampler.stepCapacity,
    lora: training.lora,
    threads,
    lossWeights: objective.lossWeights,
    specs,
    isTrained,
    optimizer: {
      beta1: training.adamBeta1,
      beta2: training.adamBeta2,
      epsilon: training.adamEpsilon,
      weightDecay: training.weightDecay,
      maxGradNorm: training.maxGradNorm,
    },
    seed,
  };
  const { layout, needs, diskBytes } = await fitting(options, work, measured);
  const memoryBytes = options.availableMemoryBytes ?? null;
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
    needs,
    freeDiskBytes: diskBytes,
    prepared: await layout.prepare({
      parameters,
      sessionLimitBytes: sessionMemoryBytes(needs, memoryBytes),
      onSplit: (split) =>
        onNote?.(
          `Memory ran out, so each micro-batch is cut into ${split} parts and the run goes on.`,
        ),
    }),
    identity: {
      objective: objective.name,
      'version of the sampler': samplerVersion,
      'training configuration': training,
      ...(options.window === undefined ? {} : { window: options.window }),
      seed,
      model: config,
      'base model': options.baseHash ?? null,
      corpus: datasetFingerprint(dataset),
    },
    savedStep: null,
  };
}

function samplerSetup(
  { config, training, tokenizer, seed, objective, window = Infinity }: TrainOptions,
  specs: readonly ParameterSpec[],
): Omit<SamplerSetup, 'documents'> {
  return {
    batches: training,
    masking: maskingSettings(config, tokenizer, training),
    isWordStart: (id) => tokenizer.isWordStart(id),
    special: tokenizer.special,
    maxLength: Math.min(training.maxLength ?? Infinity, longestSequence(config), window),
    microBatchTokens: microBatchTokens(specs, training.batchTokens, ownPasses(objective.losses)),
    seed,
  };
}

interface Fitting {
  readonly layout: TrainingLayout;
  readonly needs: RunNeeds;
  readonly diskBytes: number | null;
}

/**
 * Splits micro-batches until the plan fits or they are single rows; throws if it still does not
 * fit.
 */
async function fitting(
  { training, checkpointFolder, availableMemoryBytes, backend, onNote }: TrainOptions,
  work: TrainingWork,
  { stepCapacity }: Sampler,
): Promise<Fitting> {
  const memoryBytes = availableMemoryBytes ?? null;
  await removeHalfWritten(checkpointFolder);
  const diskBytes = await freeDiskBytes(checkpointFolder);
  const writtenBytes = await checkpointFolderBytes(checkpointFolder);
  // Training's comparison stays in memory while the held-out one is measured.
  const compared = [work.stepCapacity, stepCapacity].map((capacity) =>
    comparisonBytes(work.objective.stepLoss?.compared(capacity) ?? 0),
  );
  for (let split = 1; ; split *= 2) {
    const layout = backend.layOut(work, split);
    const needs = needsOfRun({
      memory: layout.memory,
      stepLossBytes: compared.reduce((a, b) => a + b, 0),
      parameterCount: work.specs.reduce((sum, spec) => sum + elementsOf(spec), 0),
      checkpoints: mostCheckpoints(training),
      writtenBytes,
    });
    const fits = memoryBytes === null || needs.memoryBytes <= memoryBytes;
    if (!fits && !layout.isFinest) continue;
    refuseLack(needs, { memoryBytes, diskBytes }, checkpointFolder);
    if (split > 1) onNote?.(`Memory is short, so each micro-batch is cut into ${split} parts.`);
    return { layout, needs, diskBytes };
  }
}

async function tokenize(
  { tokenizer, signal, onProgress }: TrainOptions,
  documents: readonly Document[],
): Promise<Dataset> {
  return tokenizeDocuments(documents, tokenizer, signal, (done) => {
    onProgress({ phase: 'Reading notes', done, total: documents.length, unit: 'notes' });
  });
}
