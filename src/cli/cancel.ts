import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { Cancelled, usageError } from '../core/base/errors.js';
import { isAlive, isOver, killRun, readState, writeControl } from '../engine/runFolder.js';
import type { RunState } from '../protocol/run.js';
import type { Command } from './command.js';
import { printJson } from './output.js';
import { runsFolder } from './runs.js';
import { absolute, jsonOption } from './sharedOptions.js';

const options = { ...jsonOption } as const;

const pollMs = 100;
/** A job kills itself within two seconds of the second cancel, unless it is suspended. */
const killAfterMs = 3000;

export const cancelCommand: Command<typeof options> = {
  name: 'cancel',
  summary: 'Cancels a run, which saves what it has; a second call stops it at once',
  usage: 'RUN [options]',
  example: 'cancel pretrain-2026-11-23-160200',
  positionals: 1,
  options,
  async run({ json }, [run], { cwd, now, signal, terminal }) {
    const { folder, state } = await findRun(run as string, cwd);
    if (!isAlive(state)) {
      throw usageError(`The run ${state.name} is not at work: its status is "${state.status}".`);
    }
    const isSecond = state.status === 'cancelling';
    await writeControl(folder, 'cancel');
    if (!isSecond)
      terminal.say('Cancelling: the run saves its last step. Call again to stop it at once.');
    const killAt = isSecond ? now() + killAfterMs : Infinity;
    const ended = await untilOver(folder, state, signal, async () => {
      if (now() > killAt) await killRun(folder);
    });
    if (json) printJson(terminal, { run: ended.name, folder, status: ended.status });
    else terminal.out(`The run ${ended.name} has ended: ${ended.status}.`);
  },
};

/** RUN is a name in this folder's runs, or a run's folder. */
async function findRun(run: string, cwd: string): Promise<{ folder: string; state: RunState }> {
  const named = /[\\/]/.test(run) ? [] : [join(runsFolder(cwd), run)];
  for (const folder of [...named, absolute(run, cwd)]) {
    const state = await readState(folder);
    if (state !== null) return { folder, state };
  }
  throw usageError(`There is no run ${run}: notespace runs lists them; or give a run's folder.`);
}

/** @throws {Cancelled} when the caller gives up waiting; the run goes on stopping */
async function untilOver(
  folder: string,
  seen: RunState,
  signal: AbortSignal,
  meanwhile: () => Promise<void>,
): Promise<RunState> {
  let state = seen;
  while (!isOver(state)) {
    if (signal.aborted) throw new Cancelled('The run goes on stopping by itself.');
    await sleep(pollMs);
    await meanwhile();
    state = (await readState(folder)) ?? state;
  }
  return state;
}
