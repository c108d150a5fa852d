/** A run's plan, reported before its first step. */
import type { Device } from '../../protocol/catalogue/devices.js';
import { elementsOf } from '../backend/state.js';
import type { CategoryCount } from '../objectives/objective.js';
import type { TrainingRun } from './trainingRun.js';

export interface RunPlan {
  readonly device: Device;
  readonly threads: number;
  readonly steps: number;
  /** Mean over the steps, excluding padding. */
  readonly tokensPerStep: number;
  readonly trainedParameters: number;
  readonly parameters: number;
  readonly memoryBytes: number;
  /** `null` if the system does not report it. */
  readonly freeMemoryBytes: number | null;
  /** For the kept checkpoints, a new one being written, and the model. */
  readonly diskBytes: number;
  readonly freeDiskBytes: number | null;
  /** Time for the remaining steps. */
  readonly expectedSeconds: number | null;
  /**
   * Training documents by category, most frequent first; `null` for objectives without categories.
   */
  readonly categories: readonly CategoryCount[] | null;
  /** Suggested changes, one sentence each. */
  readonly advice: readonly string[];
}

/** Typical speed of CPU training steps as a share of large matrix products. */
const usualShare = 0.65;
/** Number of steps sampled to estimate their cost. */
const sampledSteps = 16;
const hour = 3600;

/** @param done steps already completed, if the run is resumed */
export async function planRun(run: TrainingRun, done: number): Promise<RunPlan> {
  const { options, sampler, specs, needs, totalSteps, objective } = run;
  const { threads, now, backend } = options;
  const gigaflops = await backend.measurePeak({ threads, now });
  const looked = Math.max(1, Math.min(sampledSteps, totalSteps - done));
  let [tokens, operations] = [0, 0];
  for (let step = done; step < done + looked; step++) {
    for (const { shape, rows } of sampler.step(step).microBatches) {
      tokens += rows.flat().reduce((sum, { inputIds }) => sum + inputIds.length, 0);
      operations += run.prepared.operations(shape) * sampler.shapes[shape]!.batchSize;
    }
  }
  const seconds = ((totalSteps - done) * operations) / looked / (usualShare * gigaflops * 1e9);
  const { categories, advice } = objective.describe(run.dataset.documents);
  const parameters = specs.reduce((sum, spec) => sum + elementsOf(spec), 0);
  const trained = specs.filter(run.isTrained);
  return {
    device: backend.device,
    threads,
    steps: totalSteps,
    tokensPerStep: tokens / looked,
    trainedParameters: trained.reduce((sum, spec) => sum + elementsOf(spec), 0),
    parameters,
    memoryBytes: needs.memoryBytes,
    freeMemoryBytes: options.availableMemoryBytes ?? null,
    diskBytes: needs.diskBytes,
    freeDiskBytes: run.freeDiskBytes,
    expectedSeconds: Number.isFinite(seconds) ? seconds : null,
    categories,
    advice: [...timeAdvice(run, seconds), ...advice],
  };
}

export function timeAdvice({ options }: Pick<TrainingRun, 'options'>, seconds: number): string[] {
  if (!(seconds > 24 * hour)) return [];
  const lora = options.training.lora === null ? ', set lora or frozenLayers,' : '';
  return [
    `This takes about ${Math.round(seconds / hour)} hours: set maxSteps or epochs lower${lora} or start from a smaller model; it can be cancelled and resumed at any time.`,
  ];
}
