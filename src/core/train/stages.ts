/**
 * The stages of a run, in order: the warm-up of a new head, one or two objectives, and the heads of
 * models merged with the base. Each has its own sampler, learning rates and optimizer state; they
 * share one count of steps, one curve and one folder of checkpoints.
 */
import { objectiveEntries } from '../../protocol/catalogue/training.js';
import { usageError } from '../base/errors.js';
import { createRandom } from '../base/random.js';
import type { EncoderConfig } from '../encoder/config.js';
import type { ParameterSpec } from '../encoder/parameters.js';
import { usesMlmHead } from '../objectives/loss.js';
import { mlm } from '../objectives/mlm.js';
import type { Objective } from '../objectives/objective.js';
import type { TrainingConfig } from './config.js';
import { autoRatios } from './merge.js';
import { isTrainedBy, specsOfRun } from './trainedParameters.js';

export interface Stage {
  /** Identifies it in checkpoints, so never change one. */
  readonly name: string;
  /** `head`: trains the masked-language-model head alone, over a frozen encoder. */
  readonly kind: 'head' | 'objective';
  /** For the plan. */
  readonly label: string;
  /** Current activity, in the user's words. */
  readonly phase: string;
  readonly objective: Objective;
  /** Where it differs from the run's settings. */
  readonly settings: Partial<TrainingConfig>;
  readonly isTrained: (spec: ParameterSpec) => boolean;
  /** Of its samples and its dropout. */
  readonly seed: number;
  /** Share of the trained model, for the head of a merged one. */
  readonly ratio: number | null;
}

/** The part of a run's options that decides its stages. */
export interface StageSetup {
  readonly config: EncoderConfig;
  readonly objective: Objective;
  readonly training: TrainingConfig;
  readonly seed: number;
  /** Whether a masked-language-model head must be created. */
  readonly newHead?: boolean;
}

export const warmUpName = 'warm-up';
/** The stage of the run's own objective; the only one that stops early. */
export const mainName = 'main';
const firstName = 'first';

/** High, because only the head is trained, and the encoder is frozen. */
const headLearningRate = 1e-3;
const mostHeadSteps = 100;

/** The objective's own stages. */
export function objectiveStages(options: StageSetup): Stage[] {
  const { objective, seed } = options;
  const { first } = objective;
  const { label } = objectiveEntries[objective.name];
  const main: Stage = {
    name: mainName,
    kind: 'objective',
    label,
    phase: 'Training',
    objective,
    settings: {},
    isTrained: trainedIn(options, objective),
    seed,
    ratio: null,
  };
  if (first === undefined) return [main];
  const settings = sharedSettings(options.training);
  return [
    {
      ...main,
      name: firstName,
      label: objectiveEntries[first.name].label,
      phase: 'Training, stage 1 of 2',
      objective: first,
      settings: settings.first,
      isTrained: trainedIn(options, first),
      seed: seedOf(seed, firstName),
    },
    {
      ...main,
      label: secondLabel(label),
      phase: 'Training, stage 2 of 2',
      settings: settings.second,
    },
  ];
}

/** Divides steps, or epochs, between two stages; each has a schedule of its own over its part. */
function sharedSettings({
  maxSteps,
  epochs,
  learningRate,
  firstStageShare: share,
  firstStageLearningRate,
}: TrainingConfig): { readonly [K in 'first' | 'second']: Partial<TrainingConfig> } {
  const rate = { learningRate: firstStageLearningRate ?? learningRate };
  if (maxSteps === null) {
    return { first: { ...rate, epochs: share * epochs }, second: { epochs: (1 - share) * epochs } };
  }
  if (maxSteps < 2) {
    throw usageError('An objective of two stages needs maxSteps of 2 or more: raise it.');
  }
  const steps = Math.min(maxSteps - 1, Math.max(1, Math.round(share * maxSteps)));
  return { first: { ...rate, maxSteps: steps }, second: { maxSteps: maxSteps - steps } };
}

/** "Masked tokens, then DeCLUTR" as the name of its second stage. */
function secondLabel(label: string): string {
  return label.split(', then ').at(-1) ?? label;
}

/** Parameters that an objective has no gradients for must not decay either. */
function trainedIn(options: StageSetup, objective: Objective): Stage['isTrained'] {
  const { training, config, newHead } = options;
  const own = new Set(specsOfRun(config, objective, training.lora).map(({ name }) => name));
  const isTrained = isTrainedBy(training, config, newHead ?? false);
  return (spec) => own.has(spec.name) && isTrained(spec);
}

/** Whether any of the run's objectives predicts masked tokens. */
export function predictsTokens({ objective }: Pick<StageSetup, 'objective'>): boolean {
  const { first } = objective;
  return usesMlmHead(objective.losses) || (first !== undefined && usesMlmHead(first.losses));
}

/** The warm-up of a new head, if there is one. */
export function warmUpStages(options: StageSetup, objectiveSteps: number): Stage[] {
  if (options.newHead !== true || !predictsTokens(options)) return [];
  const steps =
    options.training.headWarmupSteps ?? Math.min(mostHeadSteps, Math.ceil(objectiveSteps / 4));
  const label = 'Warm-up of the new head';
  return [headStage(options, warmUpName, label, 'Warming up the new head', steps, null)];
}

/** The merged models, in the order in which they are tried. */
export function mergeStages(options: StageSetup, objectiveSteps: number): Stage[] {
  const { mergeWithBase, mergeHeadSteps } = options.training;
  if (mergeWithBase === null) return [];
  const steps = predictsTokens(options)
    ? (mergeHeadSteps ?? Math.min(mostHeadSteps, Math.ceil(objectiveSteps / 10)))
    : 0;
  const ratios = mergeWithBase === 'auto' ? autoRatios : [mergeWithBase];
  return ratios.map((ratio) =>
    headStage(
      options,
      `merge ${ratio}`,
      `Head of the merge at ${ratio}`,
      `Training the head of the merge at ${ratio}`,
      steps,
      ratio,
    ),
  );
}

function headStage(
  { config, training, seed }: StageSetup,
  name: string,
  label: string,
  phase: string,
  steps: number,
  ratio: number | null,
): Stage {
  const settings = {
    learningRate: headLearningRate,
    learningRateSchedule: 'linear' as const,
    warmupSteps: null,
    maxSteps: steps,
    lossWeights: null,
    lora: null,
  };
  return {
    name,
    kind: 'head',
    label,
    phase,
    objective: mlm({ config, settings: { ...training, ...settings }, categories: [] }),
    settings,
    isTrained: ({ part }) => part === 'mlmHead',
    // Merges are compared with each other, so all read the same notes.
    seed: seedOf(seed, ratio === null ? name : 'merge'),
    ratio,
  };
}

/** Another stream than that of the run's own objective. */
function seedOf(seed: number, name: string): number {
  return createRandom(seed, 'stage', name).integer(2 ** 32);
}
