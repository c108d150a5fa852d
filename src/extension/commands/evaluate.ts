/** Evaluates models on held-out notes: asks for missing arguments, starts the run and shows it. */
import { join } from 'node:path';
import { exists } from '../../core/base/files.js';
import type { Shots } from '../../protocol/catalogue/evaluation.js';
import { targetFields } from '../../protocol/catalogue/fieldRoles.js';
import { defaultProtocol } from '../../protocol/catalogue/protocols.js';
import type { ProtocolName } from '../../protocol/catalogue/protocols.js';
import { usualShots } from '../../protocol/catalogue/shots.js';
import type { EvaluateJob } from '../../protocol/evaluation.js';
import { corpusFor } from '../ask/choices.js';
import {
  needsMlmHead,
  predicts,
  protocolStep,
  seedsStep,
  shotsStep,
  targetStep,
} from '../ask/evaluateSteps.js';
import type { EvaluateAnswers } from '../ask/evaluateSteps.js';
import { corpusAndModelsStep, headedBase, modelsStep, tickedModels } from '../ask/modelsStep.js';
import { given as answered } from '../ask/given.js';
import { askSteps } from '../ask/steps.js';
import { wordsStep } from '../ask/wordsStep.js';
import type { Corpus } from '../corpora/corpora.js';
import { readSettings } from '../settings.js';
import { requireTrust } from '../trust.js';
import { withTarget } from '../../engine/targetColumn.js';
import { jobTitle } from '../wording.js';
import type { Workbench } from '../workbench.js';
import { resumeRun, showRun, watchRun } from './runsOfKind.js';
import type { KindOfRun, RunArguments } from './runsOfKind.js';

export interface EvaluateArguments {
  readonly corpus?: string | undefined;
  readonly run?: string | undefined;
  readonly protocol?: ProtocolName | undefined;
  readonly target?: string | undefined;
  readonly shots?: readonly Shots[] | undefined;
  readonly seeds?: number | undefined;
  readonly withoutWords?: readonly string[] | undefined;
  /** Asks the questions all the same, with these answers chosen at first. */
  readonly ask?: boolean | undefined;
}

export async function evaluate(
  workbench: Workbench,
  given: EvaluateArguments | null,
): Promise<{ run: string }> {
  requireTrust();
  const { corpora } = workbench;
  const corpus = await corpusFor(workbench, given?.corpus);
  const first = await firstAnswers(workbench, corpus, given);
  if (given !== null && given.ask !== true) return start(workbench, await withHead(first));
  const steps = [
    ...(given === null && corpora.all().length > 1
      ? [corpusAndModelsStep<EvaluateAnswers>(workbench)]
      : []),
    protocolStep(),
    targetStep(workbench),
    modelsStep<EvaluateAnswers>(workbench, {
      placeholder: 'Which models? Each is compared with its base',
      needsMlmHead,
    }),
    shotsStep(),
    seedsStep(),
    wordsStep(workbench),
  ];
  return start(workbench, await askSteps('Evaluate', first, steps));
}

async function firstAnswers(
  workbench: Workbench,
  corpus: Corpus,
  given: EvaluateArguments | null,
): Promise<EvaluateAnswers> {
  return {
    corpus,
    ...(await tickedModels(workbench, corpus, given?.run)),
    protocols: [given?.protocol ?? defaultProtocol],
    target: given?.target ?? targetFields[0],
    shots: given?.shots ?? usualShots,
    seeds: given?.seeds ?? null,
    withoutWords: given === null || given.ask === true ? null : (given.withoutWords ?? []),
  };
}

/** Without being asked: a base without the head that the protocol needs is the one with it. */
async function withHead(answers: EvaluateAnswers): Promise<EvaluateAnswers> {
  const [, model] = answers.models;
  if (!needsMlmHead(answers) || model === undefined) return answers;
  const headed = headedBase(model);
  if (!(await exists(join(headed, 'config.json')))) return answers;
  return { ...answers, models: [headed, model] };
}

async function start(workbench: Workbench, answers: EvaluateAnswers): Promise<{ run: string }> {
  const { corpora, jobs } = workbench;
  const corpus = await corpora.claim(answered(answers.corpus));
  const [protocol = defaultProtocol, also] = answers.protocols;
  const spec: EvaluateJob = {
    kind: 'evaluate',
    protocol,
    ...(also === undefined ? {} : { also }),
    corpus: predicts(answers) ? withTarget(corpus.spec, answers.target) : corpus.spec,
    models: answers.models,
    // It determines the split: with the run's own seed, the same notes are held out.
    seed: answers.seed,
    device: readSettings(corpus.workspaceFolder.uri).device,
    ...(predicts(answers)
      ? {
          classification: {
            target: answered(answers.target),
            labels: 'auto',
            shots: answers.shots,
            seeds: answers.seeds,
            withoutWords: answers.withoutWords ?? [],
            fineTuning: {},
            // Its vectors are used where its model is evaluated.
            store: corpus.store,
          },
        }
      : {}),
  };
  const folder = await jobs.start(corpus.runs, spec);
  watchRun(workbench, evaluations, folder, jobTitle(spec, corpus.name));
  return { run: folder };
}

const evaluations: KindOfRun = {
  kind: 'evaluate',
  noun: 'evaluation',
  maker: 'Evaluate…',
  panel: ({ evaluation }) => evaluation,
};

/** Opens the given evaluation, or else one that is at work, or else the newest. */
export function showEvaluation(workbench: Workbench, given: RunArguments | null): Promise<void> {
  return showRun(workbench, evaluations, given);
}

/** Goes on with an evaluation that was stopped: what it finished is not done again. */
export function resumeEvaluation(
  workbench: Workbench,
  given: RunArguments | null,
): Promise<{ run: string }> {
  return resumeRun(workbench, evaluations, given);
}
