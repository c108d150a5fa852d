/** Shows runs of one kind in their panel, and goes on with those that were stopped. */
import { usageError } from '../../core/base/errors.js';
import { canResume, listAllRuns } from '../../engine/runs.js';
import { runTitle } from '../../engine/runTitle.js';
import type { Run } from '../../engine/runs.js';
import { runText } from '../../engine/runText.js';
import type { JobKind } from '../../protocol/run.js';
import { choose } from '../ask/choices.js';
import type { RunPanel } from '../panels/runPanel.js';
import { showJobProgress } from '../runs/jobProgress.js';
import { jobTitle } from '../wording.js';
import type { Workbench } from '../workbench.js';

export interface KindOfRun {
  readonly kind: JobKind;
  /** In sentences: "evaluation". */
  readonly noun: string;
  /** Title of the command that starts one. */
  readonly maker: string;
  readonly panel: (workbench: Workbench) => Pick<RunPanel, 'show'>;
}

export interface RunArguments {
  /** Name or folder. */
  readonly run?: string | undefined;
}

/** Opens the given run, or else one that is at work, or else the newest. */
export async function showRun(
  workbench: Workbench,
  { kind, noun, maker, panel }: KindOfRun,
  given: RunArguments | null,
): Promise<void> {
  const all = await runsOf(workbench, kind);
  const running = workbench.jobs.running().find(({ spec }) => spec.kind === kind);
  const wanted = given?.run ?? running?.folder ?? all[0]?.folder;
  const chosen = all.find(({ folder, name }) => folder === wanted || name === wanted);
  if (chosen === undefined) {
    throw usageError(`There is no ${noun} to show yet: start one with "Notespace: ${maker}".`);
  }
  panel(workbench).show(chosen.folder);
}

/** Goes on with a run that was stopped: what it finished is not done again. */
export async function resumeRun(
  workbench: Workbench,
  ofKind: KindOfRun,
  given: RunArguments | null,
): Promise<{ run: string }> {
  const { corpora, jobs } = workbench;
  const { kind, noun } = ofKind;
  const stopped = (await runsOf(workbench, kind)).filter(canResume);
  if (stopped.length === 0) throw usageError(`There is no ${noun} that could be resumed.`);
  const chosen =
    given?.run === undefined
      ? await choose(
          `Resume ${noun[0]?.toUpperCase() ?? ''}${noun.slice(1)}`,
          stopped.map((run) => ({
            label: runTitle(run),
            description: corpora.nameOf(run),
            detail: runText(run),
            value: run,
          })),
        )
      : stopped.find(({ folder, name }) => folder === given.run || name === given.run);
  if (chosen === undefined) throw usageError(`There is no such ${noun} that could be resumed.`);
  await jobs.restart(chosen.folder, chosen.spec);
  watchRun(workbench, ofKind, chosen.folder, jobTitle(chosen.spec, corpora.nameOf(chosen)));
  return { run: chosen.folder };
}

export function watchRun(
  workbench: Workbench,
  { panel }: KindOfRun,
  run: string,
  title: string,
): void {
  showJobProgress(workbench, run, title);
  panel(workbench).show(run);
}

/** Newest first. */
async function runsOf({ corpora }: Workbench, kind: JobKind): Promise<readonly Run[]> {
  await corpora.whenLoaded();
  const folders = await corpora.runFolders();
  return (await Promise.all(folders.map(listAllRuns)))
    .flat()
    .filter(({ spec }) => spec.kind === kind)
    .sort((a, b) => b.state.startedAt - a.state.startedAt);
}
