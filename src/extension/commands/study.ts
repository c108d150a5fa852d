/** Compares ways of pre-training: asks for missing arguments, shows the plan, starts the study and shows its report. */
import { targetFields } from '../../protocol/catalogue/fieldRoles.js';
import { defaultStudyPreset, studyRecipeNames } from '../../protocol/catalogue/study.js';
import type { StudyPresetName } from '../../protocol/catalogue/study.js';
import type { StudyJob } from '../../protocol/study.js';
import { withTarget } from '../../engine/targetColumn.js';
import { corpusFor, modelFolder } from '../ask/choices.js';
import { given as answered } from '../ask/given.js';
import { modelsStep } from '../ask/modelsStep.js';
import { corpusStep } from '../ask/pretrainSteps.js';
import { askSteps } from '../ask/steps.js';
import { budgetStep, presetStep, studyTargetStep } from '../ask/studySteps.js';
import type { StudyAnswers } from '../ask/studySteps.js';
import { readSettings } from '../settings.js';
import { requireTrust } from '../trust.js';
import { jobTitle } from '../wording.js';
import type { Workbench } from '../workbench.js';
import { resumeRun, showRun, watchRun } from './runsOfKind.js';
import type { KindOfRun, RunArguments } from './runsOfKind.js';

export interface StudyArguments {
  readonly corpus?: string | undefined;
  /** `bundled`, the name of a run, or a model folder. */
  readonly bases?: readonly string[] | undefined;
  readonly target?: string | undefined;
  readonly preset?: StudyPresetName | undefined;
  readonly budgetSeconds?: number | undefined;
  /** Of every training. */
  readonly steps?: number | undefined;
}

const studies: KindOfRun = {
  kind: 'study',
  noun: 'study',
  maker: 'Run a Study…',
  panel: ({ studyReports }) => studyReports,
};

export async function study(
  workbench: Workbench,
  given: StudyArguments | null,
): Promise<{ run: string }> {
  requireTrust();
  const { corpora } = workbench;
  const corpus = await corpusFor(workbench, given?.corpus);
  const bases = given?.bases ?? ['bundled'];
  const first: StudyAnswers = {
    corpus,
    models: await Promise.all(bases.map((base) => modelFolder(workbench, corpus, base))),
    seed: 0,
    target: given?.target ?? targetFields[0],
    preset: given?.preset ?? defaultStudyPreset,
    length: 'preset',
    budgetSeconds: given?.budgetSeconds ?? null,
  };
  if (given !== null) return start(workbench, first, given.steps ?? null);
  const steps = [
    ...(corpora.all().length > 1 ? [corpusStep<StudyAnswers>(workbench)] : []),
    modelsStep<StudyAnswers>(workbench, {
      placeholder: 'Which models to start from? Everything is trained from each',
      needsMlmHead: () => false,
    }),
    studyTargetStep(workbench),
    presetStep(workbench, (answers) => jobOf(answers, null)),
    budgetStep(),
  ];
  return start(workbench, await askSteps('Run a Study', first, steps), null);
}

function jobOf(answers: StudyAnswers, steps: number | null): StudyJob {
  const { models: bases, preset, budgetSeconds, seed } = answers;
  const corpus = answered(answers.corpus);
  const target = answered(answers.target);
  return {
    kind: 'study',
    corpus: withTarget(corpus.spec, target),
    forgettingCorpus: null,
    ...{ bases, models: [], recipes: studyRecipeNames, targets: [target] },
    ...{ preset, budgetSeconds, steps, seed },
    device: readSettings(corpus.workspaceFolder.uri).device,
  };
}

async function start(
  workbench: Workbench,
  answers: StudyAnswers,
  steps: number | null,
): Promise<{ run: string }> {
  const { corpora, jobs } = workbench;
  const corpus = await corpora.claim(answered(answers.corpus));
  const spec = jobOf({ ...answers, corpus }, steps);
  const folder = await jobs.start(corpus.runs, spec);
  watchRun(workbench, studies, folder, jobTitle(spec, corpus.name));
  return { run: folder };
}

/** Opens the report of the given study, or else of one that is at work, or else of the newest. */
export function showStudy(workbench: Workbench, given: RunArguments | null): Promise<void> {
  return showRun(workbench, studies, given);
}

/** Goes on with a study that was stopped: parts that are done are not done again. */
export function resumeStudy(
  workbench: Workbench,
  given: RunArguments | null,
): Promise<{ run: string }> {
  return resumeRun(workbench, studies, given);
}
