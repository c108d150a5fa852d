/** The questions of *Run a Study…*. */
import * as vscode from 'vscode';
import { readDuration } from '../../core/base/duration.js';
import { studyPresetEntries, studyPresetNames } from '../../protocol/catalogue/study.js';
import type { StudyPresetName } from '../../protocol/catalogue/study.js';
import type { StudyPlans } from '../../protocol/lookup.js';
import type { StudyJob } from '../../protocol/study.js';
import type { Services } from '../services.js';
import { askTarget } from './evaluateSteps.js';
import type { ModelsAnswers } from './modelsStep.js';
import { askStep } from './stepPick.js';
import type { StepItem } from './stepPick.js';
import { back } from './steps.js';
import type { ConditionalStep, Step } from './steps.js';
import { askTextStep } from './textStep.js';

/** Filled in question by question; `models` are the bases. */
export interface StudyAnswers extends ModelsAnswers {
  readonly target: string | null;
  readonly preset: StudyPresetName;
  /** `another`: it is asked for. */
  readonly length: 'preset' | 'another';
  /** `null`: that of the preset. */
  readonly budgetSeconds: number | null;
}

export function studyTargetStep(services: Services): Step<StudyAnswers> {
  return async (answers, place) => {
    const target = await askTarget(services, answers, place);
    return target === back ? back : { ...answers, target };
  };
}

type Choice = Pick<StudyAnswers, 'preset' | 'length'>;

/**
 * How much is done, each with its plan once that is known.
 *
 * @param jobOf the study that these answers make
 */
export function presetStep(
  { lookup }: Services,
  jobOf: (answers: StudyAnswers) => StudyJob,
): Step<StudyAnswers> {
  return async (answers, place) => {
    const planning = new vscode.CancellationTokenSource();
    const plans = lookup.request(
      'study/plan',
      { job: { ...jobOf(answers), budgetSeconds: null }, presets: studyPresetNames },
      planning.token,
    );
    plans.catch(() => undefined); // the question can be answered without it
    try {
      const chosen = await askStep<Choice>({
        place,
        placeholder: 'How much should be done? The plan says how long it takes, and what is cut',
        items: presetItems(null),
        isActive: ({ preset, length }) => preset === answers.preset && length === answers.length,
        later: plans.then(presetItems),
      });
      return chosen === back ? back : { ...answers, ...chosen };
    } finally {
      planning.cancel();
      planning.dispose();
    }
  };
}

function presetItems(found: StudyPlans | null): StepItem<Choice>[] {
  return [
    ...studyPresetNames.map((preset) => {
      const { label, sentence } = studyPresetEntries[preset];
      const plan = found?.plans.find((each) => each.preset === preset);
      return {
        label,
        description: sentence,
        detail: plan?.sentences.join(' ') ?? '',
        value: { preset, length: 'preset' as const },
      };
    }),
    {
      label: 'Another Time…',
      detail: 'As overnight, cut to fit the time that you name.',
      value: { preset: 'overnight', length: 'another' },
    },
  ];
}

export function budgetStep(): ConditionalStep<StudyAnswers> {
  return {
    isAsked: ({ length }) => length === 'another',
    async ask(answers, place) {
      const text = await askTextStep({
        place,
        prompt: 'How long may it take? 8h, 45m, 1h30m',
        value: '8h',
        refuse: (typed) =>
          readDuration(typed) === null ? 'Enter a time such as 8h, 45m or 1h30m.' : null,
      });
      return text === back ? back : { ...answers, budgetSeconds: readDuration(text) };
    },
  };
}
