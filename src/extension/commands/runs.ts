/** Commands on existing runs. */
import { basename, dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { usageError } from '../../core/base/errors.js';
import { plural } from '../../core/base/wording.js';
import { isAlive } from '../../engine/runFolder.js';
import type { Job } from '../runs/jobs.js';
import { runDocumentUri } from '../runs/runDocuments.js';
import { deleteRun, isPretraining, listAllRuns, listPretrainings } from '../../engine/runs.js';
import type { Pretraining, Run } from '../../engine/runs.js';
import { renameRun as writeTitle, refuseTitle, runTitle } from '../../engine/runTitle.js';
import { runText } from '../../engine/runText.js';
import { jobTitle, progressText } from '../wording.js';
import type { Workbench } from '../workbench.js';
import { ask, choose, chooseSeveral } from '../ask/choices.js';
import { jobUsing } from './models.js';

type RunArguments = { readonly run?: string | undefined } | null;
type RunsArguments = { readonly runs: readonly string[] } | null;

/** The first call stops the job after the current step; the second stops it at once. */
export async function cancelJob(workbench: Workbench, given: RunArguments): Promise<void> {
  const { jobs, notices } = workbench;
  if (given?.run !== undefined) {
    const run = (await allRuns(workbench)).find(isRun(given.run));
    if (run === undefined || !isAlive(run.state)) {
      throw usageError('That job does not run any more.');
    }
    // May belong to another window, or have been started by hand.
    jobs.adopt(run);
    await jobs.cancel(run.folder);
    return;
  }
  const running = jobs.running();
  const [first] = running;
  if (first === undefined) notices.brief('No job is running.');
  else await jobs.cancel((running.length > 1 ? await chooseJob(workbench) : first).folder);
}

function chooseJob({ jobs, corpora }: Workbench): Promise<Job> {
  return choose(
    'Cancel',
    jobs.running().map((value) => ({
      label: jobTitle(value.spec, corpora.nameOf(value)),
      description: progressText(value.state),
      value,
    })),
  );
}

/** Opens the curves of the given run, or else of a running one, or else of the newest. */
export async function showTraining(workbench: Workbench, given: RunArguments): Promise<void> {
  const { jobs, training } = workbench;
  const all = (await allRuns(workbench)).filter(isPretraining);
  const running = jobs.running().find(({ spec }) => spec.kind === 'pretrain');
  const wanted = given?.run ?? running?.folder;
  const chosen = wanted === undefined ? all[0] : all.find(isRun(wanted));
  if (chosen === undefined) {
    throw usageError('There is no run to show yet: start one with "Notespace: Pre-train…".');
  }
  training.show(chosen.folder);
}

/** As many as there are distinguishable colours. */
const mostCompared = 8;

export async function compareRuns(workbench: Workbench, given: RunsArguments): Promise<void> {
  const folders = await workbench.corpora.runFolders();
  const all = (await Promise.all(folders.map(listPretrainings))).flat();
  const wanted = new Set(given?.runs ?? workbench.runsView.selected().map(({ folder }) => folder));
  const picked = all.filter(({ folder }) => wanted.has(folder));
  const chosen =
    picked.length > 1
      ? picked
      : await chooseSeveral<Pretraining>(
          'Compare Runs',
          all.map((value) => ({
            label: value.name,
            description: runText(value),
            value,
            picked: picked.includes(value),
          })),
        );
  if (chosen.length < 2) throw usageError('Choose two runs or more to compare.');
  if (chosen.length > mostCompared) {
    throw usageError(`Choose at most ${mostCompared} runs: more curves cannot be told apart.`);
  }
  workbench.comparison.show(chosen);
}

export async function openRunConfiguration(
  workbench: Workbench,
  given: RunArguments,
): Promise<void> {
  const run = await runFor(workbench, given, 'Open the Configuration of', () => true);
  await vscode.window.showTextDocument(runDocumentUri(run.folder), { preview: true });
}

export async function copyModelPath(
  workbench: Workbench,
  given: { readonly model: string } | null,
): Promise<void> {
  const model =
    given?.model ??
    (await runFor(workbench, null, 'Copy the Model Path of', (run) => run.model !== null)).model;
  if (model === null) throw usageError('That run has no model.');
  await vscode.env.clipboard.writeText(model);
  workbench.notices.brief('The path of the model is in the clipboard.');
}

/** Shows the run under another name; what refers to it stays. */
export async function renameRun(workbench: Workbench, given: RunArguments): Promise<void> {
  const run = await runFor(workbench, given, 'Rename', () => true);
  const title = await ask({
    title: 'Rename Run',
    prompt: 'How the run and its model are shown',
    value: runTitle(run),
    validateInput: refuseTitle,
  });
  await writeTitle(run.folder, title);
  workbench.runsView.refresh();
  workbench.modelsView.refresh();
  workbench.training.rename(run.folder);
}

/** Asks first; skips runs that are still running. */
export async function deleteRuns(workbench: Workbench, given: RunsArguments): Promise<void> {
  const { notices, runsView, modelsView, jobs } = workbench;
  const all = await allRuns(workbench);
  const chosen =
    given === null
      ? [await runFor(workbench, null, 'Delete', () => true)]
      : all.filter(({ folder }) => given.runs.includes(folder));
  const [first] = chosen;
  if (first === undefined) throw usageError('There is no such run any more.');
  const busy = chosen.find((run) => isBusy(jobs.running(), run));
  if (busy !== undefined) {
    throw usageError(`The run ${busy.name} is at work: cancel it before you delete it.`);
  }
  const question =
    chosen.length === 1 ? `Delete the run ${runTitle(first)}?` : `Delete ${chosen.length} runs?`;
  if (!(await notices.confirm(question, lossesOf(workbench, chosen), 'Delete'))) return;
  try {
    for (const { folder } of chosen) await deleteRun(dirname(folder), basename(folder));
  } finally {
    runsView.refresh();
    modelsView.refresh();
  }
}

function isBusy(running: readonly Job[], { state, model }: Run): boolean {
  return isAlive(state) || (model !== null && jobUsing(running, model) !== undefined);
}

/** What is deleted along with the runs, for the confirmation. */
function lossesOf({ corpora }: Workbench, runs: readonly Run[]): string {
  const models = runs.filter(({ model }) => model !== null);
  const users = corpora
    .all()
    .filter(({ indexes }) =>
      models.some((run) => indexes.some(({ model }) => run.name === model || run.model === model)),
    );
  return [
    models.length === 0
      ? 'Curves and checkpoints are removed from the disk.'
      : `Curves, checkpoints and ${plural(models.length, 'model')} are removed from the disk.`,
    ...users.map(
      ({ name }) => `An index of ${name} was made with one: index it again with another model.`,
    ),
  ].join(' ');
}

async function allRuns({ corpora }: Workbench): Promise<readonly Run[]> {
  await corpora.whenLoaded();
  const folders = await corpora.runFolders();
  return (await Promise.all(folders.map(listAllRuns)))
    .flat()
    .sort((a, b) => b.state.startedAt - a.state.startedAt);
}

async function runFor(
  workbench: Workbench,
  given: RunArguments,
  title: string,
  isOffered: (run: Run) => boolean,
): Promise<Run> {
  const all = (await allRuns(workbench)).filter(isOffered);
  if (all.length === 0) throw usageError('There is no such run yet.');
  if (given?.run === undefined) {
    return choose(
      title,
      all.map((value) => ({ label: runTitle(value), description: runText(value), value })),
    );
  }
  const found = all.find(isRun(given.run));
  if (found === undefined) throw usageError('There is no such run any more.');
  return found;
}

/** Matches by folder or by name. */
function isRun(wanted: string): (run: Run) => boolean {
  return ({ folder, name }) => folder === wanted || name === wanted || folder === join(wanted);
}
