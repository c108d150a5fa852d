import { renameRun } from '../engine/runTitle.js';
import type { Command } from './command.js';
import { printJson } from './output.js';
import { findRun } from './runByName.js';
import { jsonOption } from './sharedOptions.js';

const options = { ...jsonOption } as const;

export const renameCommand: Command<typeof options> = {
  name: 'rename',
  summary: 'Gives a run a name to show; other commands still refer to it as before',
  usage: 'RUN NAME [options]',
  example: 'rename pretrain-2026-11-23-160200 "Ward letters, first try"',
  positionals: 2,
  options,
  async run({ json }, [run, name], { cwd, terminal }) {
    const { folder, state } = await findRun(run as string, cwd);
    const title = (name as string).trim();
    await renameRun(folder, title);
    if (json) printJson(terminal, { run: state.name, folder, title });
    else terminal.out(`The run ${state.name} is shown as ${title}.`);
  },
};
