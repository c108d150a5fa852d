/** The runs found in a folder of runs, of every kind. */
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fromSystemError, usageError } from '../core/base/errors.js';
import { renameStubbornly } from '../core/base/files.js';
import { exists } from '../core/base/files.js';
import { isAlive, listRuns, readJob, readState } from './runFolder.js';
import { readGivenTitle } from './runTitle.js';
import { runFileNames } from '../protocol/run.js';
import type { PretrainJob } from '../protocol/pretraining.js';
import type { JobSpec, RunState } from '../protocol/run.js';

export interface Run<Spec extends JobSpec = JobSpec> {
  /** Of its folder. */
  readonly name: string;
  /** What the user called it; absent if nobody named it. `runTitle` is what to show. */
  readonly title?: string;
  readonly folder: string;
  readonly spec: Spec;
  readonly state: RunState;
  /** Folder of the exported model, if there is one yet. */
  readonly model: string | null;
}
export type Pretraining = Run<PretrainJob>;

/** Newest first; unreadable runs are left out. */
export async function listAllRuns(runs: string): Promise<readonly Run[]> {
  return (await readAllRuns(runs)).found;
}

export interface RunsFound {
  /** Newest first. */
  readonly found: readonly Run[];
  /** Errors of the runs that could not be read. */
  readonly errors: readonly unknown[];
}

export async function readAllRuns(runs: string): Promise<RunsFound> {
  const found: Run[] = [];
  const errors: unknown[] = [];
  for (const name of await listRuns(runs)) {
    try {
      const run = await readRun(join(runs, name), name);
      if (run !== null) found.push(run);
    } catch (error) {
      errors.push(error);
    }
  }
  found.sort((a, b) => b.state.startedAt - a.state.startedAt);
  return { found, errors };
}

export async function listPretrainings(runs: string): Promise<readonly Pretraining[]> {
  return (await listAllRuns(runs)).filter(isPretraining);
}

export function isPretraining(run: Run): run is Pretraining {
  return run.spec.kind === 'pretrain';
}

export async function readRun(folder: string, name: string): Promise<Run | null> {
  const state = await readState(folder);
  if (state === null) return null;
  const spec = await readJob(folder);
  const model = join(folder, runFileNames.model);
  const hasModel = spec.kind === 'pretrain' && (await exists(join(model, 'config.json')));
  const title = await readGivenTitle(folder);
  return {
    ...{ name, folder, spec, state, model: hasModel ? model : null },
    ...(title === null ? {} : { title }),
  };
}

/** Whether the run stopped early and can be resumed. */
export function canResume({ spec, state }: Run): boolean {
  const keepsParts =
    spec.kind === 'pretrain' ||
    spec.kind === 'analyze' ||
    spec.kind === 'study' ||
    (spec.kind === 'evaluate' && spec.classification !== undefined);
  return keepsParts && state.status !== 'done' && !isAlive(state);
}

/** Deletes a run and everything in it, including its model, unless it is running. */
export async function deleteRun(runs: string, name: string): Promise<void> {
  const folder = join(runs, name);
  if (dirname(folder) !== join(runs, '.') || !(await listRuns(runs)).includes(name)) {
    throw usageError('There is no such run any more.');
  }
  const state = await readState(folder).catch(() => null); // a damaged run can be deleted too
  if (state !== null && isAlive(state)) {
    throw usageError(`The run ${name} is at work: cancel it before you delete it.`);
  }
  await discard(folder);
}

/** Hides the whole folder by a rename first, since deleting may take a while. */
export async function discard(folder: string): Promise<void> {
  const aside = join(dirname(folder), `.deleted-${process.pid}-${discarded++}`);
  try {
    await renameStubbornly(folder, aside);
    await rm(aside, { recursive: true, force: true, maxRetries: 5 });
  } catch (error) {
    throw fromSystemError(error, `The folder ${folder}`);
  }
}

let discarded = 0;
