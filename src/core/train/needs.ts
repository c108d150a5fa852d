/** Estimates a run's needs before it starts. */
import { statfs } from 'node:fs/promises';
import { failure, fromSystemError, usageError } from '../base/errors.js';
import { makeFolder } from '../base/files.js';
import type { ParameterSpec } from '../encoder/parameters.js';
import type { TrainingConfig } from './config.js';
import type { MemoryNeeds } from '../backend/backend.js';

export interface RunNeeds {
  readonly memoryBytes: number;
  readonly diskBytes: number;
  readonly largestSessionBytes: number;
  /** The part of `memoryBytes` used to compare the embeddings of a step. */
  readonly stepLossBytes: number;
}

/** Memory of Node, ONNX Runtime and their libraries. */
export const processBytes = 300e6;

/**
 * Limits a micro-batch to about a second of work on two slow cores, so that Cancel responds
 * quickly. A constant, not a measurement, so that a resumed run is split the same way, even on
 * another machine.
 */
const microBatchOperations = 50e9;
/** More tokens are no faster, and the sessions of all lengths should fit into memory together. */
const mostMicroBatchTokens = 2048;

/**
 * @param ownPasses passes of losses through the layers beside the encoder's own, after which every
 * token is predicted (`Loss.passes`)
 */
export function microBatchTokens(
  specs: readonly ParameterSpec[],
  batchTokens: number,
  ownPasses = 0,
): number {
  const sizesOf = (use: ParameterSpec['use']): number[] =>
    specs
      .filter((spec) => spec.use === use)
      .map(({ shape }) => shape.reduce((size, axis) => size * axis, 1));
  const weights = sizesOf('matrix').reduce((sum, size) => sum + size, 0);
  const words = Math.max(0, ...sizesOf('table'));
  const multiplied = weights + ownPasses * (weights + words);
  const affordable = microBatchOperations / (6 * Math.max(1, multiplied));
  return Math.max(
    32,
    Math.min(batchTokens, Math.floor(affordable / 32) * 32, mostMicroBatchTokens),
  );
}

/** Limit for the activations of all sessions kept; at least the largest session's. */
export function sessionMemoryBytes(needs: RunNeeds, availableBytes: number | null): number {
  const spare = (availableBytes ?? Infinity) - needs.memoryBytes;
  return Math.min(1.5e9, needs.largestSessionBytes + Math.max(0, spare));
}

/** Memory per compared pair, in the graph and its session; measured for NT-Xent and SupCon. */
const bytesPerPair = 40;
/** A graph contains the mask of its pairs and must not exceed 2 GB. */
const mostCompared = 12_000;

/** Memory for comparing a step's embeddings; throws if there are too many. */
export function comparisonBytes(compared: number): number {
  if (compared > mostCompared) {
    throw usageError(
      `A step that compares ${compared} embeddings with each other is too large: lower batchDocuments or gradientAccumulationSteps until they are at most ${mostCompared}.`,
    );
  }
  return bytesPerPair * compared ** 2;
}

/** Maximum number of checkpoints kept; that of the best step may be an extra, older one. */
export function mostCheckpoints({
  saveTotalLimit,
  earlyStoppingPatience,
}: Pick<TrainingConfig, 'saveTotalLimit' | 'earlyStoppingPatience'>): number {
  return saveTotalLimit + (earlyStoppingPatience === null ? 0 : 1);
}

export interface NeedsGiven {
  readonly memory: MemoryNeeds;
  /** Memory for comparing a step's embeddings. */
  readonly stepLossBytes: number;
  /** Parameters of the whole model, for the size of its files. */
  readonly parameterCount: number;
  /** Number of checkpoints kept. */
  readonly checkpoints: number;
  /** Size of the checkpoints already on the disk, for a resumed run. */
  readonly writtenBytes: number;
}

export function needsOfRun(given: NeedsGiven): RunNeeds {
  const { memory, stepLossBytes, parameterCount, checkpoints, writtenBytes } = given;
  const { state, buffers, largestSession } = memory;
  // A checkpoint holds three of the four arrays; while a new one is written, the kept ones remain.
  const checkpointBytes = (checkpoints + 1) * 0.75 * state;
  return {
    memoryBytes: processBytes + state + buffers + largestSession + stepLossBytes,
    // The exported model and its ONNX file hold every parameter.
    diskBytes: Math.max(0, checkpointBytes - writtenBytes) + 8 * parameterCount,
    largestSessionBytes: largestSession,
    stepLossBytes,
  };
}

/** Adds models that are in memory beside a stage's training, float32 each. */
export function withModels(
  needs: RunNeeds,
  specs: readonly ParameterSpec[],
  models: number,
): RunNeeds {
  return { ...needs, memoryBytes: needs.memoryBytes + models * 4 * parametersIn(specs) };
}

export interface StageNeeds {
  readonly needs: RunNeeds;
  readonly specs: readonly ParameterSpec[];
  readonly isTrained: (spec: ParameterSpec) => boolean;
  readonly stage: { readonly kind: 'head' | 'objective'; readonly ratio: number | null };
}

/**
 * Needs of a run of several stages, of which one is in memory at a time.
 *
 * @param scores whether merged models are written to be scored, one at a time
 */
export function wholeNeeds(stages: readonly StageNeeds[], scores: boolean): RunNeeds {
  const largest = stages.reduce((most, each) =>
    each.needs.memoryBytes > most.needs.memoryBytes ? each : most,
  );
  const heads = stages.filter(({ stage }) => stage.kind === 'head');
  // The outcome of a head is kept while the run lasts: its values and two moments.
  const outcomes = heads.reduce(
    (sum, { specs, isTrained }) => sum + 3 * 4 * parametersIn(specs.filter(isTrained)),
    0,
  );
  // Another model folder, as the one that `needsOfRun` counts.
  const modelBytes = 8 * parametersIn(largest.specs);
  const folders = (heads.some(({ stage }) => stage.ratio === null) ? 1 : 0) + (scores ? 1 : 0);
  const objectives = stages.filter(({ stage }) => stage.kind === 'objective');
  const diskBytes = Math.max(...objectives.map(({ needs }) => needs.diskBytes));
  return { ...largest.needs, diskBytes: diskBytes + outcomes + folders * modelBytes };
}

function parametersIn(specs: readonly ParameterSpec[]): number {
  return specs.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
}

/** Throws if memory or disk space is insufficient. */
export function refuseLack(
  needs: RunNeeds,
  available: { readonly memoryBytes: number | null; readonly diskBytes: number | null },
  folder: string,
): void {
  const { memoryBytes, diskBytes } = available;
  if (memoryBytes !== null && needs.memoryBytes > memoryBytes) {
    const smaller =
      needs.stepLossBytes > needs.memoryBytes / 2
        ? 'lower batchDocuments'
        : 'set lora or frozenLayers, or choose a smaller model';
    throw failure(
      `Training this model needs about ${gigabytes(needs.memoryBytes)} of memory and ${gigabytes(memoryBytes)} are there: close other programs, ${smaller}.`,
    );
  }
  if (diskBytes !== null && needs.diskBytes > diskBytes) {
    throw failure(
      `Training this model needs about ${gigabytes(needs.diskBytes)} on the disk of ${folder} and ${gigabytes(diskBytes)} are free: free some space or choose another folder.`,
    );
  }
}

/**
 * Free bytes for this user on the disk of `folder`, which need not exist yet; `null` if unknown.
 */
export async function freeDiskBytes(folder: string): Promise<number | null> {
  try {
    await makeFolder(folder);
  } catch (error) {
    throw fromSystemError(error, `The checkpoint folder ${folder}`);
  }
  try {
    const { bavail, bsize } = await statfs(folder);
    // Some network file systems answer 0 blocks for "unknown".
    return bsize > 0 && bavail >= 0 ? bavail * bsize : null;
  } catch {
    return null;
  }
}

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;
