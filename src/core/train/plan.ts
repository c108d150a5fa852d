/** What a run will need, known before it starts. */
import { statfs } from 'node:fs/promises';
import { failure, fromSystemError, usageError } from '../base/errors.js';
import { makeFolder } from '../base/files.js';
import type { ParameterSpec } from '../encoder/parameters.js';
import type { TrainingConfig } from './config.js';
import type { MemoryNeeds } from '../backend/backend.js';

export interface TrainingPlan {
  readonly memoryBytes: number;
  readonly diskBytes: number;
  readonly largestSessionBytes: number;
  /** Of `memoryBytes`, what comparing the embeddings of a step takes. */
  readonly stepLossBytes: number;
}

/** ONNX Runtime with its libraries, and Node. */
const processBytes = 300e6;

/**
 * A micro-batch is limited by the operations that two slow cores do in about a second, so that Cancel
 * is never far. The limit is a constant and no measurement: a run is cut the same way when it goes on,
 * on another machine too.
 */
const microBatchOperations = 50e9;
/** More tokens are no faster, and the sessions of all lengths are to fit into memory together. */
const mostMicroBatchTokens = 2048;

export function microBatchTokens(specs: readonly ParameterSpec[], batchTokens: number): number {
  const weights = specs
    .filter(({ use }) => use === 'matrix')
    .reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
  const affordable = microBatchOperations / (6 * Math.max(1, weights));
  return Math.max(
    32,
    Math.min(batchTokens, Math.floor(affordable / 32) * 32, mostMicroBatchTokens),
  );
}

/** Activation memory that all sessions that are kept may hold together: the least is one's. */
export function sessionMemoryBytes(plan: TrainingPlan, availableBytes: number | null): number {
  const spare = (availableBytes ?? Infinity) - plan.memoryBytes;
  return Math.min(1.5e9, plan.largestSessionBytes + Math.max(0, spare));
}

/** Of the pairs that a step compares, in the graph and in its session; measured for NT-Xent and SupCon. */
const bytesPerPair = 40;
/** A graph holds the mask of its pairs, and may not exceed 2 GB. */
const mostCompared = 12_000;

/** Memory that the comparison of a step's embeddings takes; refuses in one sentence what cannot be done. */
export function comparisonBytes(compared: number): number {
  if (compared > mostCompared) {
    throw usageError(
      `A step that compares ${compared} embeddings with each other is too large: lower batchDocuments or gradientAccumulationSteps until they are at most ${mostCompared}.`,
    );
  }
  return bytesPerPair * compared ** 2;
}

/** Checkpoints that a run keeps: that of its best step may be an older one. */
export function mostCheckpoints({
  saveTotalLimit,
  earlyStoppingPatience,
}: Pick<TrainingConfig, 'saveTotalLimit' | 'earlyStoppingPatience'>): number {
  return saveTotalLimit + (earlyStoppingPatience === null ? 0 : 1);
}

export interface PlannedNeeds {
  readonly memory: MemoryNeeds;
  /** What comparing the embeddings of a step takes. */
  readonly stepLossBytes: number;
  /** Of the whole model, for its files. */
  readonly parameterCount: number;
  /** Checkpoints that are kept. */
  readonly checkpoints: number;
  /** What a run that goes on has on the disk already. */
  readonly writtenBytes: number;
}

export function planTraining(needs: PlannedNeeds): TrainingPlan {
  const { memory, stepLossBytes, parameterCount, checkpoints, writtenBytes } = needs;
  const { state, buffers, largestSession } = memory;
  // Each checkpoint holds three of the four arrays; a new one stands beside those that are kept.
  const checkpointBytes = (checkpoints + 1) * 0.75 * state;
  return {
    memoryBytes: processBytes + state + buffers + largestSession + stepLossBytes,
    // The exported model and its ONNX file hold every parameter.
    diskBytes: Math.max(0, checkpointBytes - writtenBytes) + 8 * parameterCount,
    largestSessionBytes: largestSession,
    stepLossBytes,
  };
}

/** Refuses in one sentence what will not fit. */
export function refuseLack(
  plan: TrainingPlan,
  available: { readonly memoryBytes: number | null; readonly diskBytes: number | null },
  folder: string,
): void {
  const { memoryBytes, diskBytes } = available;
  if (memoryBytes !== null && plan.memoryBytes > memoryBytes) {
    const smaller =
      plan.stepLossBytes > plan.memoryBytes / 2
        ? 'lower batchDocuments'
        : 'set lora or frozenLayers, or choose a smaller model';
    throw failure(
      `Training this model needs about ${gigabytes(plan.memoryBytes)} of memory and ${gigabytes(memoryBytes)} are there: close other programs, ${smaller}.`,
    );
  }
  if (diskBytes !== null && plan.diskBytes > diskBytes) {
    throw failure(
      `Training this model needs about ${gigabytes(plan.diskBytes)} on the disk of ${folder} and ${gigabytes(diskBytes)} are free: free some space or choose another folder.`,
    );
  }
}

/** Free bytes for this user where `folder` is or will be; `null` where the system does not say. */
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
