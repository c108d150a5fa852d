import { spawnSync } from 'node:child_process';

import { exists } from '../core/base/files.js';
import { failure, usageError } from '../core/base/errors.js';
import type { Command } from './command.js';
import { absolute } from './sharedOptions.js';

const options = {} as const;

export const openCommand: Command<typeof options> = {
  name: 'open',
  summary: 'Opens a folder in VS Code',
  usage: '[FOLDER]',
  example: 'open ward-notes',
  positionals: 1,
  optionalPositionals: 1,
  options,
  async run(_parsed, [given = '.'], { cwd, env, terminal }) {
    const folder = absolute(given, cwd);
    if (!(await exists(folder))) throw usageError(`There is no folder ${folder}.`);
    // On Windows code is code.cmd, which only a shell can start, and which then needs the quotes.
    const onWindows = process.platform === 'win32';
    const { status } = spawnSync('code', [onWindows ? `"${folder}"` : folder], {
      env,
      shell: onWindows,
      stdio: 'ignore',
    });
    if (status !== 0) {
      throw failure(
        `There is no working "code" on the PATH: start VS Code and open ${folder} there; its command "Shell Command: Install 'code' command in PATH" adds it.`,
      );
    }
    terminal.say(`VS Code opens ${folder}.`);
  },
};
