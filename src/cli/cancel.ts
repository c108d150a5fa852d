import { usageError } from '../core/base/errors.js';
import { isAlive, killRun, writeControl } from '../engine/runFolder.js';
import type { Command } from './command.js';
import { printJson } from './output.js';
import { findRun, untilOver } from './runByName.js';
import { jsonOption } from './sharedOptions.js';

const options = { ...jsonOption } as const;

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
