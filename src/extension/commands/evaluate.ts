/** Evaluates models on held-out notes: asks for missing arguments, starts the run and shows it. */
import { join } from 'node:path';
import { usageError } from '../../core/base/errors.js';
import { exists } from '../../core/base/files.js';
import { installedModel } from '../../engine/bundledModel.js';
import { protocolEntries } from '../../protocol/catalogue/evaluation.js';
import type { Shots } from '../../protocol/catalogue/evaluation.js';
import { targetFields } from '../../protocol/catalogue/fieldRoles.js';
import { defaultProtocol } from '../../protocol/catalogue/protocols.js';
import type { ProtocolName } from '../../protocol/catalogue/protocols.js';
import { usualShots } from '../../protocol/catalogue/shots.js';
import type { EvaluateJob } from '../../protocol/evaluation.js';
import { choose, corpusFor } from '../ask/choices.js';
import {
  headedBase,
  modelsStep,
  needsMlmHead,
  predicts,
  protocolStep,
  seedsStep,
  shotsStep,
  targetStep,
} from '../ask/evaluateSteps.js';
import type { EvaluateAnswers } from '../ask/evaluateSteps.js';
import { corpusStep, given as answered } from '../ask/pretrainSteps.js';
import { askSteps, back } from '../ask/steps.js';
import type { Step } from '../ask/steps.js';
import { wordsStep } from '../ask/wordsStep.js';
import type { Corpus } from '../corpora/corpora.js';
import { showJobProgress } from '../runs/jobProgress.js';
import { canResume, listAllRuns, listPretrainings } from '../../engine/runs.js';
import type { Pretraining, Run } from '../../engine/runs.js';
import { readSettings } from '../settings.js';
import { requireTrust } from '../trust.js';
import { withTarget } from '../../engine/targetColumn.js';
import { runText } from '../../engine/runText.js';
import { jobTitle } from '../wording.js';
import type { Workbench } from '../workbench.js';

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
    ...(given === null && corpora.all().length > 1 ? [whichCorpus(workbench)] : []),
    protocolStep(),
    targetStep(workbench),
    modelsStep(workbench),
    shotsStep(),
    seedsStep(),
    wordsStep(workbench),
  ];
  return start(workbench, await askSteps('Evaluate', first, steps));
}

/** Of another corpus, other models are ticked at first. */
function whichCorpus(workbench: Workbench): Step<EvaluateAnswers> {
  const ask = corpusStep<EvaluateAnswers>(workbench);
  return async (answers, place) => {
    const next = await ask(answers, place);
    if (next === back || next.corpus?.token === answers.corpus?.token) return next;
    return { ...next, ...(await tickedModels(workbench, answered(next.corpus), undefined)) };
  };
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

/** A run's model and the one that it started from. */
async function tickedModels(
  { places }: Workbench,
  corpus: Corpus,
  name: string | undefined,
): Promise<Pick<EvaluateAnswers, 'models' | 'seed'>> {
  const run = await trainedOn(corpus, name);
  if (run === null) return { models: [places.bundledModel], seed: 0 };
  const base = await installedModel(run.spec.base, places.bundledModel);
  return { models: [base, run.model ?? run.folder], seed: run.spec.seed };
}

/** Without being asked: a base without the head that the protocol needs is the one with it. */
async function withHead(answers: EvaluateAnswers): Promise<EvaluateAnswers> {
  const [, model] = answers.models;
  if (!needsMlmHead(answers) || model === undefined) return answers;
  const headed = headedBase(model);
  if (!(await exists(join(headed, 'config.json')))) return answers;
  return { ...answers, models: [headed, model] };
}

/** The run that was named, or the newest with a model; `null`: nothing has been trained yet. */
async function trainedOn(corpus: Corpus, name: string | undefined): Promise<Pretraining | null> {
  const done = (await listPretrainings(corpus.runs)).filter(({ model }) => model !== null);
  if (name === undefined) return done[0] ?? null;
  const found = done.find((run) => run.folder === name || run.name === name);
  if (found === undefined) throw usageError('There is no such run with a model.');
  return found;
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
    ...deviceFor(answers, corpus),
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
  watch(workbench, folder, jobTitle(spec, corpus.name));
  return { run: folder };
}

/** The device setting is for embedding: where anything else is computed, the engine chooses. */
function deviceFor(
  { protocols }: EvaluateAnswers,
  { workspaceFolder }: Corpus,
): Pick<EvaluateJob, 'device'> {
  const uses = protocols.flatMap((name) => protocolEntries[name].computes);
  const embedsOnly = uses.length > 0 && uses.every((use) => use === 'embed');
  return embedsOnly ? { device: readSettings(workspaceFolder.uri).device } : {};
}

/** Opens the given evaluation, or else one that is at work, or else the newest. */
export async function showEvaluation(
  workbench: Workbench,
  given: { readonly run?: string | undefined } | null,
): Promise<void> {
  const all = await evaluations(workbench);
  const running = workbench.jobs.running().find(({ spec }) => spec.kind === 'evaluate');
  const wanted = given?.run ?? running?.folder ?? all[0]?.folder;
  const chosen = all.find(({ folder, name }) => folder === wanted || name === wanted);
  if (chosen === undefined) {
    throw usageError('There is no evaluation to show yet: start one with "Notespace: Evaluate…".');
  }
  workbench.evaluation.show(chosen.folder);
}

/** Goes on with an evaluation that was stopped: what it finished is not done again. */
export async function resumeEvaluation(
  workbench: Workbench,
  given: { readonly run?: string | undefined } | null,
): Promise<{ run: string }> {
  const { corpora, jobs } = workbench;
  const stopped = (await evaluations(workbench)).filter(canResume);
  if (stopped.length === 0) throw usageError('There is no evaluation that could be resumed.');
  const chosen =
    given?.run === undefined
      ? await choose(
          'Resume Evaluation',
          stopped.map((run) => ({
            label: run.name,
            description: corpora.nameOf(run),
            detail: runText(run),
            value: run,
          })),
        )
      : stopped.find(({ folder, name }) => folder === given.run || name === given.run);
  if (chosen === undefined) throw usageError('There is no such evaluation that could be resumed.');
  await jobs.restart(chosen.folder, chosen.spec);
  watch(workbench, chosen.folder, jobTitle(chosen.spec, corpora.nameOf(chosen)));
  return { run: chosen.folder };
}

function watch(workbench: Workbench, run: string, title: string): void {
  showJobProgress(workbench, run, title);
  workbench.evaluation.show(run);
}

/** Newest first. */
async function evaluations({ corpora }: Workbench): Promise<readonly Run[]> {
  await corpora.whenLoaded();
  const folders = await corpora.runFolders();
  return (await Promise.all(folders.map(listAllRuns)))
    .flat()
    .filter(({ spec }) => spec.kind === 'evaluate')
    .sort((a, b) => b.state.startedAt - a.state.startedAt);
}
