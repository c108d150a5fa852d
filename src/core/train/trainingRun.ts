/** Lays out a run's stages before its first step: data, samplers, graphs and needs; prepares one stage. */
import { failure } from '../base/errors.js';
import { removeHalfWritten } from '../base/files.js';
import type { Document } from '../corpus/document.js';
import type { PoolingName } from '../../protocol/catalogue/poolings.js';
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
import { datasetFingerprint, sampleDataset } from '../tokens/dataset.js';
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
  wholeNeeds,
  withModels,
} from './needs.js';
import type { RunNeeds } from './needs.js';
import { readData } from './runData.js';
import type { RunData } from './runData.js';
import { heldOutSampler, maskingSettings } from './samplers.js';
import { mainName, mergeStages, objectiveStages, warmUpStages } from './stages.js';
import type { Stage } from './stages.js';
import { checkParameters, specsOfStages, withAdditions } from './trainedParameters.js';

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
  /** How the model pools; the mean, unless said otherwise. */
  readonly poolings?: readonly PoolingName[];
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
  /**
   * Asked before every step: whether to end the training now with what was learned. Each objective
   * then ends as if this had been its last step; heads of merged models are still trained.
   */
  readonly isFinishing?: () => boolean;
  readonly onMetrics: (metrics: TrainingMetrics) => void;
  readonly onProgress: (progress: TrainingProgressReport) => void;
  /** Called with a remark for the user, one sentence. */
  readonly onNote?: (sentence: string) => void;
  /** Longest sequence, if memory holds no longer one; see `withFittingWindow`. */
  readonly window?: number;
  /** A clock in milliseconds. */
  readonly now: () => number;
  /**
   * Share of the device's speed in large matrix products that such steps reach, if an earlier run
   * has measured it.
   */
  readonly usualShare?: number;
  /** Memory available to the run; if absent, only disk space is checked. */
  readonly availableMemoryBytes?: number;
  /**
   * Whether a masked-language-model head must be created; it is then trained even if LoRA freezes
   * the rest.
   */
  readonly newHead?: boolean;
  /**
   * Given the base model with its new head, once that is warmed up, to be kept for later runs.
   * Called again if the run was killed before it returned.
   */
  readonly onWarmedUp?: (
    parameters: ReadonlyMap<string, Float32Array>,
    counts: { readonly steps: number; readonly tokens: number },
  ) => Promise<void>;
  /**
   * Share of validation notes whose nearest neighbour is right, for a plain model; needed to merge
   * with "auto". The same for the same parameters.
   */
  readonly scoreNeighbours?: (parameters: ReadonlyMap<string, Float32Array>) => Promise<number>;
}

/** A stage with its sequences and graphs, before any memory is allocated for it. */
export interface LaidOutStage {
  readonly stage: Stage;
  readonly options: TrainOptions;
  readonly sampler: Sampler;
  readonly steps: number;
  /** The same for all stages, except for low-rank factors, which a merge has none of. */
  readonly specs: readonly ParameterSpec[];
  readonly isTrained: (spec: ParameterSpec) => boolean;
  readonly layout: TrainingLayout;
  readonly needs: RunNeeds;
}

export interface LaidOutRun {
  readonly options: TrainOptions;
  readonly dataset: Dataset;
  readonly stages: readonly LaidOutStage[];
  /** The stage of the run's own objective. */
  readonly main: LaidOutStage;
  /** That of the run's own objective, which all stages are measured by. */
  readonly heldOutSampler: Sampler;
  readonly needs: RunNeeds;
  readonly freeDiskBytes: number | null;
  readonly identity: RunIdentity;
}

/** A stage that is ready for its steps. */
export interface TrainingRun extends LaidOutStage {
  readonly run: LaidOutRun;
  readonly prepared: PreparedTraining;
  /** Step of the latest checkpoint that this process saved or resumed from. */
  savedStep: number | null;
}

/** Increment when the same seed gives other sequences or another layout. */
const samplerVersion = 2;

/** Throws if memory or disk space is insufficient for any stage. */
export async function layOutRun(given: TrainOptions, data?: RunData): Promise<LaidOutRun> {
  const { dataset, heldOut } = data ?? (await readData(given));
  const { config, training, seed, objective, checkpointFolder } = given;
  const options = { ...given, ...eachNoteOnce(given) };
  const own = objectiveStages(options);
  const specs = specsOfStages(config, own.map((stage) => stage.objective).reverse(), training.lora);
  if (!specs.some(own.at(-1)!.isTrained)) {
    throw failure(
      'Every parameter is frozen: lower frozenLayers or set freezeEmbeddings to false.',
    );
  }
  const held: Measured = {
    objective,
    sampler: heldOutSampler(objective, {
      ...samplerSetup(options, training, { objective, seed }, specs),
      documents: heldOut.documents,
    }),
  };
  const lay = (stage: Stage, documents: Dataset['documents']): Promise<LaidOutStage> =>
    layOutStage(given, options, stage, { specs: specsIn(stage, specs), documents, held });
  const objectives: LaidOutStage[] = [];
  for (const stage of own) objectives.push(await lay(stage, dataset.documents));
  const steps = objectives.reduce((sum, each) => sum + each.steps, 0);
  // All of one kind train the same head on the same sequences.
  const heads = async (alike: readonly Stage[]): Promise<LaidOutStage[]> => {
    const [stage] = alike;
    if (stage === undefined) return [];
    const laidOut = await lay(stage, enough(stage, training, dataset));
    return alike.map((each) => ({ ...laidOut, stage: each }));
  };
  const warmUps = await heads(warmUpStages(options, steps));
  const merges = await heads(mergeStages(options, steps));
  const stages = [...warmUps, ...objectives, ...merges];
  const needs = wholeNeeds(stages, training.mergeWithBase === 'auto');
  const diskBytes = await freeDiskBytes(checkpointFolder);
  const memoryBytes = options.availableMemoryBytes ?? null;
  refuseLack(needs, { memoryBytes, diskBytes }, checkpointFolder);
  const pooling = (options.poolings ?? ['mean']).join();
  return {
    options: given,
    dataset,
    stages,
    main: objectives.at(-1)!,
    heldOutSampler: held.sampler,
    needs,
    freeDiskBytes: diskBytes,
    identity: {
      objective: objective.name,
      'version of the sampler': samplerVersion,
      'training configuration': training,
      ...(options.window === undefined ? {} : { window: options.window }),
      seed,
      model: config,
      'base model': options.baseHash ?? null,
      // Absent for the mean, as in checkpoints from before there was a choice.
      ...(pooling === 'mean' ? {} : { pooling }),
      corpus: datasetFingerprint(dataset),
    },
  };
}

/** A merged model has no low-rank factors: they are part of its matrices. */
function specsIn({ ratio }: Stage, specs: readonly ParameterSpec[]): readonly ParameterSpec[] {
  return ratio === null ? specs : specs.filter(({ part }) => part !== 'lora');
}

/** Stages would repeat a remark. */
function eachNoteOnce({ onNote }: TrainOptions): Pick<TrainOptions, 'onNote'> {
  if (onNote === undefined) return {};
  const said = new Set<string>();
  return {
    onNote(sentence) {
      if (!said.has(sentence)) onNote(sentence);
      said.add(sentence);
    },
  };
}

/** Documents for the few steps of a head: sampling from all would hold them all once more. */
function enough(stage: Stage, training: TrainingConfig, dataset: Dataset): Dataset['documents'] {
  const { batchTokens, batchSequences, gradientAccumulationSteps } = training;
  if (batchSequences !== null) return dataset.documents;
  const tokens = (stage.settings.maxSteps ?? 0) * batchTokens * gradientAccumulationSteps;
  return sampleDataset(dataset, Math.max(1, tokens), stage.seed).documents;
}

/** What every stage is measured by. */
interface Measured {
  readonly objective: Objective;
  readonly sampler: Sampler;
}

interface StageParts {
  readonly specs: readonly ParameterSpec[];
  readonly documents: Dataset['documents'];
  readonly held: Measured;
}

async function layOutStage(
  given: TrainOptions,
  options: TrainOptions,
  stage: Stage,
  { specs, documents, held }: StageParts,
): Promise<LaidOutStage> {
  const { config, threads } = options;
  const { objective, isTrained } = stage;
  const training = { ...options.training, ...stage.settings };
  const setup = samplerSetup(options, training, stage, specs);
  const sampler = objective.createSampler({ ...setup, documents });
  const work: TrainingWork = {
    config,
    objective,
    shapes: sampler.shapes,
    stepCapacity: sampler.stepCapacity,
    lora: training.lora,
    poolings: options.poolings,
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
    seed: stage.seed,
  };
  const { layout, needs } = await fitting(options, work, held);
  return {
    stage,
    options: given,
    sampler,
    steps: training.maxSteps ?? Math.max(1, Math.round(training.epochs * sampler.stepsPerEpoch)),
    specs,
    isTrained,
    layout,
    needs: withModels(needs, specs, modelsBeside(options, stage)),
  };
}

/** Models in memory beside the base: the merged and the trained one, or what the first stage gave. */
function modelsBeside({ objective }: TrainOptions, { name, ratio }: Stage): number {
  if (ratio !== null) return 2;
  return name === mainName && objective.first !== undefined ? 1 : 0;
}

/** @param parameters by name; at least the encoder, and the head if one is used */
export async function prepareStage(
  run: LaidOutRun,
  laidOut: LaidOutStage,
  parameters: ReadonlyMap<string, Float32Array>,
): Promise<TrainingRun> {
  const { options, specs, layout, needs } = laidOut;
  const { config, seed, availableMemoryBytes, onNote } = options;
  const complete = withAdditions(parameters, config, specs, seed);
  checkParameters(specs, complete);
  return {
    ...laidOut,
    run,
    prepared: await layout.prepare({
      parameters: complete,
      sessionLimitBytes: sessionMemoryBytes(needs, availableMemoryBytes ?? null),
      onSplit: (split) =>
        onNote?.(
          `Memory ran out, so each micro-batch is cut into ${split} parts and the run goes on.`,
        ),
    }),
    savedStep: null,
  };
}

/** The stage of the run's own objective alone, from the given parameters. */
export async function prepareRun(options: TrainOptions, data?: RunData): Promise<TrainingRun> {
  const run = await layOutRun(options, data);
  return prepareStage(run, run.main, options.parameters);
}

function samplerSetup(
  { config, tokenizer, window = Infinity }: TrainOptions,
  training: TrainingConfig,
  { objective, seed }: Pick<Stage, 'objective' | 'seed'>,
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
}

/**
 * Splits micro-batches until the plan fits or they are single rows; throws if it still does not
 * fit.
 */
async function fitting(
  { training, checkpointFolder, availableMemoryBytes, backend, onNote }: TrainOptions,
  work: TrainingWork,
  held: Measured,
): Promise<Fitting> {
  const memoryBytes = availableMemoryBytes ?? null;
  await removeHalfWritten(checkpointFolder);
  const diskBytes = await freeDiskBytes(checkpointFolder);
  const writtenBytes = await checkpointFolderBytes(checkpointFolder);
  // Training's comparison stays in memory while the held-out one is measured.
  const compared = [
    comparisonBytes(work.objective.stepLoss?.compared(work.stepCapacity) ?? 0),
    comparisonBytes(held.objective.stepLoss?.compared(held.sampler.stepCapacity) ?? 0),
  ];
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
    return { layout, needs };
  }
}
