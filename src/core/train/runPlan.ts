/** What a run will take, told before its first step. */
import type { Device } from '../../protocol/catalogue/devices.js';
import { elementsOf } from '../backend/state.js';
import type { CategoryCount } from '../objectives/objective.js';
import type { TrainingRun } from './trainingRun.js';

export interface RunPlan {
  readonly device: Device;
  readonly threads: number;
  readonly steps: number;
  /** Mean over the steps, without padding. */
  readonly tokensPerStep: number;
  readonly trainedParameters: number;
  readonly parameters: number;
  readonly memoryBytes: number;
  /** `null` where the system does not say. */
  readonly freeMemoryBytes: number | null;
  /** For the checkpoints that are kept, one more beside them, and the model. */
  readonly diskBytes: number;
  readonly freeDiskBytes: number | null;
  /** Of the steps that are left. */
  readonly expectedSeconds: number | null;
  /** Training documents by category, the most frequent first; `null` for objectives without. */
  readonly categories: readonly CategoryCount[] | null;
  /** What to change, one sentence each. */
  readonly advice: readonly string[];
}

/** Share of the speed of large matrix products that training steps reach on a CPU. */
const usualShare = 0.65;
/** Steps that are looked at to know what a step costs. */
const sampledSteps = 16;
const hour = 3600;

/** @param done complete steps, of a run that is resumed */
export async function planRun(run: TrainingRun, done: number): Promise<RunPlan> {
  const { options, sampler, specs, plan, totalSteps, objective } = run;
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
    memoryBytes: plan.memoryBytes,
    freeMemoryBytes: options.availableMemoryBytes ?? null,
    diskBytes: plan.diskBytes,
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
