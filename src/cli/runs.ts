import { join } from 'node:path';

import { readAllRuns } from '../engine/runs.js';
import type { Run } from '../engine/runs.js';
import { runTitle } from '../engine/runTitle.js';
import { runText } from '../engine/runText.js';
import type { Command } from './command.js';
import { printJson, printTable } from './output.js';
import { jsonOption } from './sharedOptions.js';

const options = { ...jsonOption } as const;

/** Where a workspace keeps its runs. */
export const runsFolder = (cwd: string): string => join(cwd, '.notespace', 'runs');

export const runsCommand: Command<typeof options> = {
  name: 'runs',
  summary: "Lists this folder's runs, newest first, and what each is doing",
  usage: '[options]',
  example: 'runs',
  positionals: 0,
  options,
  async run({ json }, _positionals, { cwd, terminal }) {
    const folder = runsFolder(cwd);
    const { found, errors } = await readAllRuns(folder);
    for (const error of errors)
      terminal.say(error instanceof Error ? error.message : String(error));
    if (json) {
      printJson(terminal, { runs: found.map(jsonOf) });
    } else if (found.length === 0) {
      terminal.say(`There are no runs in ${folder}.`);
    } else {
      printTable(terminal, ['run', 'started', 'what', 'name'], found.map(rowOf));
    }
  },
};

function jsonOf(run: Run): object {
  const { name, folder, spec, state, model } = run;
  return {
    run: name,
    title: runTitle(run),
    folder,
    kind: spec.kind,
    objective: spec.kind === 'pretrain' ? spec.objective : null,
    status: state.status,
    startedAt: new Date(state.startedAt).toISOString(),
    updatedAt: new Date(state.updatedAt).toISOString(),
    progress: state.progress,
    model,
    error: state.error?.message ?? null,
  };
}

function rowOf(run: Run): string[] {
  const started = new Date(run.state.startedAt).toISOString().slice(0, 16).replace('T', ' ');
  return [run.name, `${started} UTC`, runText(run), run.title ?? ''];
}
