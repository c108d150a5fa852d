/** A run laid out before its first step: data, plan, graphs, memory, sessions. */
import { failure } from '../base/errors.js';
import type { Document } from '../corpus/document.js';
import { longestSequence } from '../encoder/config.js';
import type { EncoderConfig } from '../encoder/config.js';
import { parameterSpecs } from '../encoder/parameters.js';
import type { ParameterSpec } from '../encoder/parameters.js';
import { predictionSlots } from '../objectives/masking.js';
import type { MaskingSettings } from '../objectives/masking.js';
import type { MicroBatchShape, Objective, TrainingGraph } from '../objectives/objective.js';
import { planBuckets } from '../tokens/batches.js';
import type { Bucket } from '../tokens/batches.js';
import type { Tokenizer } from '../tokens/tokenizer.js';
import { createBuffers, graphBufferBytes } from './buffers.js';
import type { GraphBuffers } from './buffers.js';
import type { RunIdentity } from './checkpoint.js';
import type { TrainingConfig } from './config.js';
import { datasetFingerprint, sampleDataset, tokenizeDocuments } from './dataset.js';
import type { Dataset } from './dataset.js';
import { dropoutKey } from './dropout.js';
import type { DropoutKey } from './dropout.js';
import { createParameterMemory } from './parameterMemory.js';
import type { ParameterMemory } from './parameterMemory.js';
import {
  activationBytes,
  freeDiskBytes,
  microBatchTokens,
  planTraining,
  refuseLack,
  sessionMemoryBytes,
} from './plan.js';
import { createSessionCache } from './sessions.js';
import type { SessionCache } from './sessions.js';
import { planSteps } from './stepPlan.js';
import type { StepPlan } from './stepPlan.js';

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
  readonly losses: Readonly<Record<string, number>>;
  readonly learningRate: number | null;
  readonly gradNorm: number | null;
  readonly tokensPerSecond: number | null;
  readonly heldOutLoss: number | null;
}

export interface TrainOptions {
  readonly objective: Objective;
  readonly config: EncoderConfig;
  /** By Hugging Face name; left as they are. */
  readonly parameters: ReadonlyMap<string, Float32Array>;
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
}

export interface TrainingGraphPlan {
  readonly bucket: Bucket;
  readonly shape: MicroBatchShape;
  readonly graph: TrainingGraph;
  readonly buffers: GraphBuffers;
}

export interface TrainingRun extends StepPlan {
  readonly options: TrainOptions;
  readonly masking: MaskingSettings;
  readonly dataset: Dataset;
  readonly heldOut: Dataset;
  readonly maxLength: number;
  readonly microBatchTokens: number;
  readonly graphs: readonly TrainingGraphPlan[];
  readonly state: ParameterMemory;
  readonly sessions: SessionCache;
  readonly dropoutKey: DropoutKey;
  readonly identity: RunIdentity;
}

export async function prepareRun(options: TrainOptions): Promise<TrainingRun> {
  const { config, training, tokenizer, threads, seed, objective } = options;
  const maxLength = Math.min(training.maxLength ?? Infinity, longestSequence(config));
  const dataset = await tokenize(options, options.trainDocuments, maxLength);
  const allHeldOut = await tokenize(options, options.heldOutDocuments, maxLength);
  if (dataset.windows.length === 0) {
    throw failure('No document is left to train on: add documents or lower heldOutFraction.');
  }
  if (allHeldOut.windows.length === 0) {
    throw failure('No document is left to hold out: add documents or raise heldOutFraction.');
  }
  const heldOut = sampleDataset(allHeldOut, training.heldOutTokens, seed);

  const specs = trainedSpecs(options);
  const microTokens = microBatchTokens(specs, training.batchTokens);
  const buckets = planBuckets(dataset.lengths, {
    maxLength,
    microBatchTokens: microTokens,
    microBatchSequences: training.batchSequences,
  });
  const laidOut = buckets.map((bucket) => {
    const { batchSize, sequenceLength } = bucket;
    const predictions = predictionSlots(batchSize, sequenceLength, training.mlmProbability);
    const shape = { batchSize, sequenceLength, predictions };
    const graph = objective.trainingGraph(config, shape, { lowering: 'cpu', dropout: true });
    return { bucket, shape, graph, sessionBytes: activationBytes(config, shape) };
  });
  const bufferBytes = Math.max(...laidOut.map(({ graph }) => graphBufferBytes(graph)));
  const sessionBytes = laidOut.map((graph) => graph.sessionBytes);
  const plan = planTraining(specs, bufferBytes, Math.max(...sessionBytes), training.saveTotalLimit);
  const memoryBytes = options.availableMemoryBytes ?? null;
  const diskBytes = await freeDiskBytes(options.checkpointFolder);
  refuseLack(plan, { memoryBytes, diskBytes }, options.checkpointFolder);
  const state = createParameterMemory(specs, options.parameters, bufferBytes);
  const scratch = state.memory.floats(bufferBytes / 4);
  return {
    options,
    masking: {
      mlmProbability: training.mlmProbability,
      vocabularySize: config.vocabularySize,
      maskId: tokenizer.special.mask,
      specialIds: tokenizer.specialIds,
    },
    dataset,
    heldOut,
    maxLength,
    microBatchTokens: microTokens,
    graphs: laidOut.map(({ bucket, shape, graph }) => ({
      bucket,
      shape,
      graph,
      buffers: createBuffers(graph, state, scratch),
    })),
    state,
    sessions: createSessionCache(
      laidOut.map(({ graph }) => graph.bytes),
      sessionBytes,
      sessionMemoryBytes(plan, memoryBytes),
      threads,
    ),
    dropoutKey: dropoutKey(seed),
    ...planSteps(training, dataset.lengths, buckets, seed),
    identity: {
      objective: objective.name,
      'training configuration': training,
      seed,
      model: config,
      corpus: datasetFingerprint(dataset),
    },
  };
}

/** The parameters that the objective trains, as the encoder lists them. */
function trainedSpecs({ config, parameters }: TrainOptions): ParameterSpec[] {
  const specs = parameterSpecs(config, { mlmHead: true });
  for (const { name, part } of specs) {
    if (parameters.has(name)) continue;
    throw failure(
      part === 'mlmHead'
        ? 'The model has no masked-language-model head: choose one that was saved as a masked language model.'
        : `The model lacks the parameter ${name}: choose a complete one.`,
    );
  }
  return [...specs];
}

async function tokenize(
  { tokenizer, signal, onProgress }: TrainOptions,
  documents: readonly Document[],
  maxLength: number,
): Promise<Dataset> {
  return tokenizeDocuments(documents, tokenizer, maxLength, signal, (done) => {
    onProgress({ phase: 'Reading notes', done, total: documents.length, unit: 'notes' });
  });
}
