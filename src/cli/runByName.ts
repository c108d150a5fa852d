/** Runs that a call names, and waiting for their end. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { Cancelled, usageError } from '../core/base/errors.js';
import { isOver, readState } from '../engine/runFolder.js';
import type { RunState } from '../protocol/run.js';
import { runsFolder } from './runs.js';
import { absolute } from './sharedOptions.js';

const pollMs = 100;

/** RUN is a name in this folder's runs, or a run's folder. */
export async function findRun(
  run: string,
  cwd: string,
): Promise<{ folder: string; state: RunState }> {
  const named = /[\\/]/.test(run) ? [] : [join(runsFolder(cwd), run)];
  for (const folder of [...named, absolute(run, cwd)]) {
    const state = await readState(folder);
    if (state !== null) return { folder, state };
  }
  throw usageError(`There is no run ${run}: notespace runs lists them; or give a run's folder.`);
}

/**
 * Waits for a run's end.
 *
 * @throws {Cancelled} when the caller gives up waiting; the run goes on by itself
 */
export async function untilOver(
  folder: string,
  seen: RunState,
  signal: AbortSignal,
  meanwhile: () => Promise<void>,
): Promise<RunState> {
  let state = seen;
  while (!isOver(state)) {
    if (signal.aborted) throw new Cancelled('The run goes on by itself.');
    await sleep(pollMs);
    await meanwhile();
    state = (await readState(folder)) ?? state;
  }
  return state;
}
