import { failure, usageError } from '../core/base/errors.js';
import { bundledModel } from '../engine/bundledFolder.js';
import { installedModel } from '../engine/bundledModel.js';
import { isAlive, readJob, writeControl, writeJob } from '../engine/runFolder.js';
import type { PretrainJob, PretrainResult } from '../protocol/pretraining.js';
import type { Command, CommandContext } from './command.js';
import { sayPretrained } from './pretrained.js';
import { findRun, untilOver } from './runByName.js';
import { runIn } from './runIn.js';
import { jsonOption } from './sharedOptions.js';

const options = { ...jsonOption } as const;

export const finishCommand: Command<typeof options> = {
  name: 'finish',
  summary: 'Ends a pre-training now, or one that was stopped, and keeps the model it has come to',
  usage: 'RUN [options]',
  example: 'finish pretrain-2026-11-23-160200',
  positionals: 1,
  options,
  async run({ json }, [run], context) {
    const { folder, state } = await findRun(run as string, context.cwd);
    const spec = await readJob(folder);
    if (spec.kind !== 'pretrain') {
      throw usageError(`The run ${state.name} is no pre-training, so there is no model to keep.`);
    }
    if (state.status === 'done') {
      throw usageError(`The run ${state.name} is done; its model is in ${folder}.`);
    }
    const result = isAlive(state, context.now())
      ? await finished(folder, context)
      : await fromCheckpoint(folder, spec, context);
    sayPretrained(result, json, context.terminal);
  },
};

/** Asks the process that trains, and waits for its model. */
async function finished(
  folder: string,
  { signal, terminal, cwd }: CommandContext,
): Promise<PretrainResult> {
  await writeControl(folder, 'finish');
  terminal.say('Finishing: the run ends after this step, and writes its model.');
  const { state } = await findRun(folder, cwd);
  const ended = await untilOver(folder, state, signal, () => Promise.resolve());
  if (ended.result?.kind === 'pretrain') return ended.result;
  throw failure(
    ended.error?.message ?? `The run ${ended.name} was ${ended.status} before it had finished.`,
  );
}

async function fromCheckpoint(
  folder: string,
  started: PretrainJob,
  context: CommandContext,
): Promise<PretrainResult> {
  const spec: PretrainJob = { ...started, resume: true, finish: true };
  await writeJob(folder, spec, context.now());
  return runIn(folder, { ...spec, base: await installedModel(spec.base, bundledModel) }, context);
}
