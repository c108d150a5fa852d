/** What a run will take, told before its first step. */
import { measureGemm } from '../graph/gemmProbe.js';
import type { CategoryCount } from '../objectives/objective.js';
import { elementsOf } from '../backend/cpu/parameterMemory.js';
import type { TrainingRun } from './trainingRun.js';

export interface RunPlan {
  readonly device: 'cpu';
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
  const { threads, now } = options;
  const gigaflops = await measureGemm({ device: 'cpu', threads, now, probes: 4 });
  const looked = Math.max(1, Math.min(sampledSteps, totalSteps - done));
  let [tokens, operations] = [0, 0];
  for (let step = done; step < done + looked; step++) {
    for (const { shape, rows } of sampler.step(step).microBatches) {
      tokens += rows.flat().reduce((sum, { inputIds }) => sum + inputIds.length, 0);
      operations += run.executor.operations(shape) * sampler.shapes[shape]!.batchSize;
    }
  }
  const seconds = ((totalSteps - done) * operations) / looked / (usualShare * gigaflops * 1e9);
  const usesCategories = objective.name === 'note-category';
  const categories = usesCategories ? countCategories(run.dataset.documents) : null;
  const parameters = specs.reduce((sum, spec) => sum + elementsOf(spec), 0);
  const trained = specs.filter(run.isTrained);
  return {
    device: 'cpu',
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
    advice: [...timeAdvice(run, seconds), ...categoryAdvice(run, categories)],
  };
}

export function countCategories(
  documents: readonly { readonly category: string | null }[],
): CategoryCount[] {
  const counts = new Map<string, number>();
  for (const { category } of documents) {
    if (category !== null) counts.set(category, (counts.get(category) ?? 0) + 1);
  }
  return [...counts]
    .map(([name, count]) => ({ name, documents: count }))
    .sort((a, b) => b.documents - a.documents || (a.name < b.name ? -1 : 1));
}

export function timeAdvice({ options }: Pick<TrainingRun, 'options'>, seconds: number): string[] {
  if (!(seconds > 24 * hour)) return [];
  const lora = options.training.lora === null ? ', set lora or frozenLayers,' : '';
  return [
    `This takes about ${Math.round(seconds / hour)} hours: set maxSteps or epochs lower${lora} or start from a smaller model; it can be cancelled and resumed at any time.`,
  ];
}

export function categoryAdvice(
  { options, dataset }: Pick<TrainingRun, 'options' | 'dataset'>,
  categories: readonly CategoryCount[] | null,
): string[] {
  const [most, least] = [categories?.[0], categories?.at(-1)];
  if (categories === null || most === undefined || least === undefined) return [];
  const advice: string[] = [];
  const ratio = most.documents / least.documents;
  if (ratio >= 5 && options.training.categoryWeights === 'equal') {
    advice.push(
      `The most frequent category has ${Math.round(ratio)} times the notes of the rarest: set categoryWeights to "balanced" to let each category count the same.`,
    );
  }
  const single = categories.filter(({ documents }) => documents === 1).length;
  if (single > 0) {
    advice.push(
      `${single} of ${categories.length} categories have a single note, from which little can be learned: merge them or choose a coarser field.`,
    );
  }
  const without = dataset.documents.filter(({ category }) => category === null).length;
  if (without > 0) {
    advice.push(
      `${without} of ${dataset.documents.length} training notes have no category: they train masked language modelling alone.`,
    );
  }
  return advice;
}
