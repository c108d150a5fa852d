/** A run's plan, reported before its first step. */
import type { Device } from '../../protocol/catalogue/devices.js';
import { elementsOf } from '../backend/state.js';
import type { CategoryCount } from '../objectives/objective.js';
import type { TrainingProgress } from './checkpoint.js';
import { costOfStep } from './stepCost.js';
import { usualShare } from './timeLimit.js';
import type { LaidOutRun } from './trainingRun.js';

export interface RunPlan {
  readonly device: Device;
  readonly threads: number;
  /** Of all stages. */
  readonly steps: number;
  /** In order; one if the run has a single objective and nothing before or after it. */
  readonly stages: readonly { readonly label: string; readonly steps: number }[];
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

const hour = 3600;

/** @param progress where the run is, if it is resumed */
export async function planRun(
  run: LaidOutRun,
  progress: Pick<TrainingProgress, 'step' | 'stage' | 'stageStart'>,
): Promise<RunPlan> {
  const { options, needs, main } = run;
  const { threads, now, backend, objective, usualShare: share = usualShare } = options;
  const gigaflops = await backend.measurePeak({ threads, now });
  const place = run.stages.findIndex(({ stage }) => stage.name === progress.stage);
  const left = run.stages.slice(place).map((laidOut, i) => {
    const done = i === 0 ? progress.step - progress.stageStart : 0;
    return { steps: laidOut.steps - done, ...costOfStep(laidOut, done) };
  });
  const steps = left.reduce((sum, each) => sum + each.steps, 0);
  const tokens = left.reduce((sum, each) => sum + each.steps * each.tokens, 0);
  const operations = left.reduce((sum, each) => sum + each.steps * each.operations, 0);
  const seconds = operations / (share * gigaflops * 1e9);
  const { categories, advice } = objective.describe(run.dataset.documents);
  const parameters = main.specs.reduce((sum, spec) => sum + elementsOf(spec), 0);
  const trained = main.specs.filter(main.isTrained);
  return {
    device: backend.device,
    threads,
    steps: progress.step + steps,
    stages: run.stages.map(({ stage, steps: own }) => ({ label: stage.label, steps: own })),
    tokensPerStep: steps > 0 ? tokens / steps : costOfStep(main, 0).tokens,
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

export function timeAdvice({ options }: Pick<LaidOutRun, 'options'>, seconds: number): string[] {
  if (!(seconds > 24 * hour)) return [];
  const lora = options.training.lora === null ? ', set lora or frozenLayers,' : '';
  return [
    `This takes about ${Math.round(seconds / hour)} hours: set maxSteps or epochs lower${lora} or start from a smaller model; it can be cancelled and resumed at any time.`,
  ];
}
