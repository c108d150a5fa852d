/** Commands about jobs that exist already. */
import { join } from 'node:path';
import { usageError } from '../../core/base/errors.js';
import type { Job } from '../jobs.js';
import { listPretrainings } from '../pretrainings.js';
import type { Pretraining } from '../pretrainings.js';
import { jobTitle, progressText } from '../wording.js';
import type { Workbench } from '../workbench.js';
import { choose } from './choices.js';

type RunArguments = { readonly run?: string | undefined } | null;

/** The first time the job stops after its step; the second time at once. */
export async function cancelJob(workbench: Workbench, given: RunArguments): Promise<void> {
  const { jobs, corpora, notices } = workbench;
  const running = jobs.running();
  const [first] = running;
  if (first === undefined) {
    notices.brief('No job is running.');
    return;
  }
  let job: Job | undefined = first;
  if (given?.run !== undefined) job = running.find(({ folder }) => folder === given.run);
  else if (running.length > 1) {
    job = await choose(
      'Cancel',
      running.map((value) => ({
        label: jobTitle(value.spec, corpora.nameOf(value.spec)),
        description: progressText(value.state),
        value,
      })),
    );
  }
  if (job === undefined) throw usageError('That job does not run any more.');
  await jobs.cancel(job.folder);
}

/** Opens the curves of a run: of the one that is asked for, of one that runs, or of the newest. */
export async function showTraining(workbench: Workbench, given: RunArguments): Promise<void> {
  const { jobs, corpora, training } = workbench;
  await corpora.whenLoaded();
  const folders = await corpora.runFolders();
  const all = (await Promise.all(folders.map(listPretrainings))).flat();
  const running = jobs.running().find(({ spec }) => spec.kind === 'pretrain');
  const wanted = given?.run ?? running?.folder;
  const chosen = wanted === undefined ? newest(all) : all.find(isRun(wanted, folders));
  if (chosen === undefined) {
    throw usageError('There is no run to show yet: start one with "Notespace: Pre-train…".');
  }
  training.show(chosen.folder);
}

function newest(all: readonly Pretraining[]): Pretraining | undefined {
  return [...all].sort((a, b) => b.state.startedAt - a.state.startedAt)[0];
}

function isRun(wanted: string, folders: readonly string[]): (run: Pretraining) => boolean {
  const paths = new Set([wanted, ...folders.map((folder) => join(folder, wanted))]);
  return ({ folder }) => paths.has(folder);
}
