/** What the commands share that compare models on a corpus, in a run that can be gone on with. */
import { usageError } from '../core/base/errors.js';
import type { JobContext } from '../engine/job/context.js';
import type { JobResult, JobSpec } from '../protocol/run.js';
import type { CommandContext } from './command.js';
import { runOrContinue } from './continuedRun.js';
import { modelFolder, plainJobContext } from './jobContext.js';
import type { OptionTable } from './options.js';
import { absolute } from './sharedOptions.js';

/**
 * @param purpose of the models: "to compare"
 * @param leaves what the folder of the run is for: "the report"
 */
export function comparedModelsOptions(purpose: string, leaves: string) {
  return {
    models: {
      type: 'text',
      placeholder: 'M1,M2',
      required: true,
      help: `models ${purpose}`,
    },
    out: {
      type: 'text',
      placeholder: 'DIR',
      help: `folder for ${leaves}; the same command goes on where it was stopped`,
    },
  } as const satisfies OptionTable;
}

/** @param list what `--models` says */
export async function modelFolders(
  list: string,
  context: CommandContext,
  isAgreed: boolean,
): Promise<string[]> {
  const names = list.split(',').map((name) => name.trim());
  if (names.includes('')) throw usageError('--models needs names with commas between them.');
  const folders: string[] = [];
  for (const name of names) folders.push(await modelFolder(name, context, isAgreed));
  return folders;
}

/** @param out what `--out` says; `null`: nothing is kept */
export async function runAs<Spec extends JobSpec>(
  spec: Spec,
  out: string | null,
  run: (spec: Spec, context: JobContext) => Promise<Extract<JobResult, { kind: Spec['kind'] }>>,
  context: CommandContext,
): Promise<Extract<JobResult, { kind: Spec['kind'] }>> {
  return out === null
    ? run(spec, await plainJobContext(context))
    : runOrContinue(absolute(out, context.cwd), spec, context);
}
