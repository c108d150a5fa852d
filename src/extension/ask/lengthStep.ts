/** How long a pre-training takes: by time, with what fits into it on this machine, or by steps. */
import * as vscode from 'vscode';
import { exists } from '../../core/base/files.js';
import { count, plural } from '../../core/base/wording.js';
import { stepsIn } from '../../core/train/stepsInTime.js';
import { bundledName } from '../../engine/bundledModel.js';
import type { TrainingEstimate } from '../../protocol/lookup.js';
import { configurationPath } from '../commands/trainingConfiguration.js';
import type { Services } from '../services.js';
import { given } from './given.js';
import type { Length, PretrainStep, SetLength } from './pretrainAnswers.js';
import { askStep, separator } from './stepPick.js';
import type { StepItem } from './stepPick.js';
import { back } from './steps.js';
import { askTextStep } from './textStep.js';

const [minute, hour] = [60, 3600];
/** A model that still improves after such a time is worth another run. */
const longest = 24 * hour;

/** Often enough to draw the held-out loss as a curve; the long ones keep the best model. */
const timed = {
  tenMinutes: {
    label: '10 minutes',
    detail: 'Shows whether the loss falls',
    config: { maxSeconds: 10 * minute, evalSteps: 50 },
  },
  hour: {
    label: 'An hour',
    detail: 'Enough to compare it with the model that it starts from',
    config: { maxSeconds: hour, evalSteps: 100 },
  },
  overnight: {
    label: 'Overnight',
    detail: 'Eight hours, or less if it stops improving; it can be paused, finished or resumed',
    config: { maxSeconds: 8 * hour, evalSteps: 250, earlyStoppingPatience: 6 },
  },
  untilBest: {
    label: 'Until it stops improving',
    detail:
      'Measures held-out notes every 100 steps and keeps the best model; ends after 5 measurements without improvement',
    config: {
      maxSeconds: longest,
      evalSteps: 100,
      earlyStoppingPatience: 5,
      // Smaller gains are within what the draw of held-out masks decides.
      earlyStoppingThreshold: 0.002,
      // A rate that falls towards an end far away would make improvement look endless.
      learningRateSchedule: 'constant',
      warmupSteps: 100,
    },
  },
} as const;

type LengthName = keyof typeof timed | 'steps';
type Choice = LengthName | 'saved' | 'edit';

/** What a call without a length takes. */
export const quickSteps = 100;

export function lengthStep({ lookup, places }: Services): PretrainStep {
  return async (answers, place) => {
    const [corpus, objective] = [given(answers.corpus), given(answers.objective)];
    const base = given(answers.base);
    const hasConfiguration = await exists(configurationPath(corpus.home, objective));
    const measuring = new vscode.CancellationTokenSource();
    const estimate = lookup.request(
      'training/estimate',
      {
        corpus: corpus.spec,
        objective,
        base: base === places.bundledModel ? bundledName : base,
        runs: corpus.runs,
      },
      measuring.token,
    );
    estimate.catch(() => undefined); // the question can be answered without it
    const before = answers.length;
    try {
      for (;;) {
        const chosen = await askStep<Choice>({
          place,
          placeholder: 'How long?',
          items: lengthItems(hasConfiguration, 'measuring'),
          isActive: (value) => value === (typeof before === 'string' ? before : before?.name),
          later: estimate.then(
            (known) => lengthItems(hasConfiguration, known),
            () => lengthItems(hasConfiguration, null),
          ),
        });
        if (chosen === back) return back;
        if (chosen !== 'steps') return { ...answers, length: lengthOf(chosen) };
        const steps = await askTextStep({
          place: { ...place, step: Math.max(2, place.step) },
          prompt: 'How many steps?',
          value: String(quickSteps),
          refuse: (text) => (/^[1-9]\d{0,7}$/.test(text) ? null : 'Enter a whole number.'),
        });
        if (steps !== back) return { ...answers, length: ofSteps(Number(steps)) };
      }
    } finally {
      measuring.cancel();
      measuring.dispose();
    }
  };
}

function lengthOf(chosen: Exclude<Choice, 'steps'>): Length {
  if (chosen === 'saved' || chosen === 'edit') return chosen;
  return { name: chosen, maxSteps: null, config: timed[chosen].config };
}

function ofSteps(maxSteps: number): SetLength {
  const evalSteps = Math.max(5, Math.min(250, Math.round(maxSteps / 5)));
  return { name: 'steps', maxSteps, config: { evalSteps } };
}

/** @param estimate `null`: this machine's speed is not known */
export function lengthItems(
  hasConfiguration: boolean,
  estimate: TrainingEstimate | 'measuring' | null,
): StepItem<Choice>[] {
  const known = typeof estimate === 'string' ? null : estimate;
  const names = Object.keys(timed) as (keyof typeof timed)[];
  const saved: StepItem<Choice>[] = [
    {
      label: 'Your configuration',
      detail: 'As you wrote it for this objective',
      value: 'saved',
    },
  ];
  return [
    separator(sourceText(estimate)),
    ...names.map((value) => {
      const { label, detail, config } = timed[value];
      const description = known === null ? '' : fitText(known, config);
      return { label, detail, value, description };
    }),
    separator('by steps or settings'),
    {
      label: 'A number of steps…',
      description: known === null ? '' : `${duration(known.step)} each`,
      detail: 'The same number is the same training on any machine',
      value: 'steps',
    },
    ...(hasConfiguration ? saved : []),
    {
      label: 'Custom…',
      detail: 'Opens all settings as JSON, with completion; you start from there',
      value: 'edit',
    },
  ];
}

function sourceText(estimate: TrainingEstimate | 'measuring' | null): string {
  if (estimate === 'measuring') return 'by time; measuring this machine…';
  if (estimate === null) return 'by time';
  return estimate.run === null
    ? 'by time; estimated from the speed of this machine just now'
    : `by time; estimated from this machine now and the run ${estimate.run}`;
}

function fitText(
  estimate: TrainingEstimate,
  { maxSeconds, evalSteps }: { readonly maxSeconds: number; readonly evalSteps: number },
): string {
  const steps = stepsIn(maxSeconds, estimate, evalSteps);
  if (steps < fewest) return `$(warning) too short here: ${plural(steps, 'step')} of this model`;
  const { stepsPerEpoch } = estimate;
  const passes =
    stepsPerEpoch === null ? '' : `, ${passesText(steps / stepsPerEpoch)} over the notes`;
  const most = maxSeconds === longest ? 'at most a day, ' : '';
  return `${most}about ${count(rounded(steps))} steps${passes}`;
}

/** Fewer teach nothing that held-out notes would show. */
const fewest = 10;

function passesText(passes: number): string {
  const value = passes < 10 ? Number(passes.toPrecision(2)) : rounded(passes);
  return passes < 10 ? `${value} ${value === 1 ? 'pass' : 'passes'}` : `${count(value)} passes`;
}

/** Two digits: an estimate. */
const rounded = (value: number): number => Number(value.toPrecision(2));

function duration(seconds: number): string {
  return seconds < 1 ? `${Math.max(1, Math.round(seconds * 1000))} ms` : `${rounded(seconds)} s`;
}
