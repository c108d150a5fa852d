/** Pre-trains a model on a corpus: asks for missing arguments, starts the run and shows it. */
import * as vscode from 'vscode';
import { usageError } from '../../core/base/errors.js';
import { bundledName } from '../../engine/bundledModel.js';
import { defaultObjective } from '../../protocol/catalogue/objectives.js';
import type { ObjectiveName } from '../../protocol/catalogue/objectives.js';
import type { PretrainJob } from '../../protocol/pretraining.js';
import { commandIds, configurationEnding } from '../contributions.js';
import { showJobProgress } from '../runs/jobProgress.js';
import { isAlive, writeControl } from '../../engine/runFolder.js';
import { canResume, listPretrainings } from '../../engine/runs.js';
import type { Pretraining } from '../../engine/runs.js';
import { runTitle } from '../../engine/runTitle.js';
import { askSteps } from '../ask/steps.js';
import { readSettings } from '../settings.js';
import { requireTrust } from '../trust.js';
import { jobTitle } from '../wording.js';
import type { PretrainSubject, Workbench } from '../workbench.js';
import { choose, corpusFor, modelFolder, outcome } from '../ask/choices.js';
import { ensureConfiguration, readConfiguration } from './configuration.js';
import { given as answered } from '../ask/given.js';
import { lengthStep, quickSteps } from '../ask/lengthStep.js';
import { baseStep, corpusStep, objectiveStep } from '../ask/pretrainSteps.js';
import type { Length, PretrainAnswers, PretrainStep } from '../ask/pretrainAnswers.js';
import { configurationPath, objectiveOf } from './trainingConfiguration.js';
import type { TrainingOverrides } from './trainingConfiguration.js';

export interface PretrainArguments {
  readonly corpus?: string | undefined;
  readonly objective?: ObjectiveName | undefined;
  readonly base?: string | undefined;
  readonly maxSteps?: number | undefined;
  readonly seed?: number | undefined;
  readonly config?: TrainingOverrides | undefined;
}

const flowTitle = 'Pre-train';
const nothing: PretrainAnswers = { corpus: null, objective: null, base: null, length: null };

/** `null`: a configuration was opened instead; the run is started from there. */
export async function pretrain(
  workbench: Workbench,
  given: PretrainArguments | null,
): Promise<{ run: string } | null> {
  if (given === null) return askAndStart(workbench, null);
  const corpus = await corpusFor(workbench, given.corpus);
  return start(
    workbench,
    {
      corpus,
      objective: given.objective ?? defaultObjective,
      base: await modelFolder(workbench, corpus, given.base ?? 'bundled'),
    },
    {
      maxSteps: given.maxSteps ?? (given.config?.['maxSeconds'] === undefined ? quickSteps : null),
      seed: given.seed ?? 0,
      config: given.config ?? {},
    },
  );
}

/** Asks the same questions except for the model, which was chosen in a view. */
export function pretrainFromModel(
  workbench: Workbench,
  base: string,
): Promise<{ run: string } | null> {
  return askAndStart(workbench, base);
}

async function askAndStart(
  workbench: Workbench,
  base: string | null,
): Promise<{ run: string } | null> {
  requireTrust();
  const steps = [...(await subjectSteps(workbench, base)), lengthStep(workbench)];
  const corpus = await corpusFor(workbench);
  const answers = await askSteps(flowTitle, { ...nothing, corpus, base }, steps);
  return proceed(workbench, subjectOf(answers), answered(answers.length));
}

async function subjectSteps(
  workbench: Workbench,
  base: string | null,
): Promise<readonly PretrainStep[]> {
  await workbench.corpora.whenLoaded();
  return [
    ...(workbench.corpora.all().length > 1 ? [corpusStep<PretrainAnswers>(workbench)] : []),
    objectiveStep(workbench),
    ...(base === null ? [baseStep(workbench)] : []),
  ];
}

function subjectOf({ corpus, objective, base }: PretrainAnswers): PretrainSubject {
  return { corpus: answered(corpus), objective: answered(objective), base: answered(base) };
}

async function proceed(
  workbench: Workbench,
  subject: PretrainSubject,
  length: Length,
): Promise<{ run: string } | null> {
  const { corpus, objective } = subject;
  if (length === 'edit') {
    await openConfiguration(workbench, subject);
    return null;
  }
  if (length === 'saved') {
    const uri = vscode.Uri.file(configurationPath(corpus.home, objective));
    const config = await readConfiguration(uri);
    return start(workbench, subject, { maxSteps: null, seed: 0, config });
  }
  const { maxSteps, config } = length;
  return start(workbench, subject, { maxSteps, config, seed: 0 });
}

async function openConfiguration(workbench: Workbench, subject: PretrainSubject): Promise<void> {
  const corpus = await workbench.corpora.claim(subject.corpus);
  const uri = await ensureConfiguration(corpus.home, subject.objective);
  workbench.subjects.set(uri.toString(), { ...subject, corpus });
  await vscode.window.showTextDocument(uri);
  const startNow = 'Pre-train';
  const message =
    'Change what you like (Ctrl+Space completes), then choose "Pre-train with This Configuration" above the text.';
  void workbench.notices.info(message, startNow).then((chosen) => {
    if (chosen !== startNow) return;
    void vscode.commands.executeCommand(commandIds.pretrainWithConfiguration, uri);
  });
}

/** Starts a run with the document's settings; asks for corpus, objective and model if unknown. */
export async function pretrainWithConfiguration(
  workbench: Workbench,
  document: unknown,
): Promise<{ run: string }> {
  const uri =
    document instanceof vscode.Uri ? document : vscode.window.activeTextEditor?.document.uri;
  if (uri?.path.endsWith(configurationEnding) !== true) {
    throw usageError(
      `Open a training configuration first, a file that ends in ${configurationEnding}: "Pre-train…", "Custom…" makes one.`,
    );
  }
  const config = await readConfiguration(uri);
  const subject = workbench.subjects.get(uri.toString()) ?? (await askSubject(workbench, uri));
  workbench.subjects.set(uri.toString(), subject);
  return start(workbench, subject, { maxSteps: null, seed: 0, config });
}

async function askSubject(workbench: Workbench, uri: vscode.Uri): Promise<PretrainSubject> {
  const first = {
    ...nothing,
    corpus: await corpusFor(workbench),
    objective: objectiveOf(uri.path),
  };
  return subjectOf(await askSteps(flowTitle, first, await subjectSteps(workbench, null)));
}

async function start(
  workbench: Workbench,
  { corpus, objective, base }: PretrainSubject,
  how: Pick<PretrainJob, 'maxSteps' | 'seed' | 'config'>,
): Promise<{ run: string }> {
  const spec: PretrainJob = {
    kind: 'pretrain',
    corpus: corpus.spec,
    objective,
    base: base === workbench.places.bundledModel ? bundledName : base,
    device: readSettings(corpus.workspaceFolder.uri).device,
    resume: false,
    ...how,
  };
  const run = await workbench.jobs.start((await workbench.corpora.claim(corpus)).runs, spec);
  watch(workbench, run, jobTitle(spec, corpus.name));
  return { run };
}

/** Resumes a cancelled or crashed run from its last checkpoint. */
export async function resumePretraining(
  workbench: Workbench,
  given: RunArguments,
): Promise<{ run: string }> {
  const chosen = await choosePretraining(workbench, given, 'Resume Pre-training', canResume);
  if (chosen === undefined) throw usageError('There is no such run that could be resumed.');
  return goOn(workbench, chosen, false);
}

/** Ends a run now, or one that was stopped from its last checkpoint, with the model that it has come to. */
export async function finishPretraining(
  workbench: Workbench,
  given: RunArguments,
): Promise<{ run: string }> {
  const chosen = await choosePretraining(
    workbench,
    given,
    'Finish Pre-training',
    ({ state }) => state.status !== 'done',
  );
  if (chosen === undefined) throw usageError('There is no such run that could be finished.');
  if (!isAlive(chosen.state)) return goOn(workbench, chosen, true);
  await writeControl(chosen.folder, 'finish');
  return { run: chosen.folder };
}

type RunArguments = { readonly run?: string | undefined } | null;

/** The run that is named, or else one that the user picks; `undefined`: there is none such. */
async function choosePretraining(
  { corpora }: Workbench,
  given: RunArguments,
  title: string,
  isOffered: (run: Pretraining) => boolean,
): Promise<Pretraining | undefined> {
  await corpora.whenLoaded();
  const folders = await corpora.runFolders();
  const all = (await Promise.all(folders.map(listPretrainings))).flat().filter(isOffered);
  if (given?.run !== undefined) {
    return all.find(({ folder, name }) => folder === given.run || name === given.run);
  }
  return choose(
    title,
    all.map((run) => ({
      label: runTitle(run),
      description: corpora.nameOf(run),
      detail: outcome(run),
      value: run,
    })),
  );
}

async function goOn(
  workbench: Workbench,
  { folder, spec: started, ...run }: Pretraining,
  finish: boolean,
): Promise<{ run: string }> {
  const spec: PretrainJob = { ...started, resume: true, finish };
  await workbench.jobs.restart(folder, spec);
  watch(workbench, folder, jobTitle(spec, workbench.corpora.nameOf({ folder, spec, ...run })));
  return { run: folder };
}

function watch(workbench: Workbench, run: string, title: string): void {
  showJobProgress(workbench, run, title);
  workbench.training.show(run);
}
