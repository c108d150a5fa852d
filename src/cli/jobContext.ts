/** Runs a job's code within the command line's own process. */
import { plainModelFolder } from '../core/model/mergeAdapter.js';
import { bundledModel } from '../engine/bundledFolder.js';
import type { JobContext } from '../engine/job/context.js';
import { cacheFolder, resolveModel } from '../engine/paths.js';
import { jobThreads } from '../engine/resources.js';
import type { CommandContext } from './command.js';
import { hubModelFolder, modelPlaces } from './hubModel.js';
import { absolute } from './sharedOptions.js';

/** For a job without a run folder. */
export async function plainJobContext(context: CommandContext): Promise<JobContext> {
  const { terminal, signal, env, now } = context;
  return {
    runFolder: null,
    cacheFolder: await cacheFolder(env),
    threads: jobThreads(env),
    signal,
    pauseGate: () => Promise.resolve(),
    isFinishing: () => false,
    place: 'commandLine',
    onProgress: (progress) => terminal.progress.show(progress),
    onMetrics: () => undefined,
    onPlan: () => undefined,
    note: (sentence) => terminal.say(sentence),
    now,
  };
}

/** @param isAgreed whether the user has already agreed to a download */
export async function modelFolder(
  model: string,
  context: CommandContext,
  isAgreed = false,
): Promise<string> {
  const { cwd, env } = context;
  const folder = model.startsWith('hub:')
    ? await hubModelFolder(model, isAgreed, context)
    : await resolveModel(model, {
        bundled: bundledModel,
        runs: [absolute('.notespace/runs', cwd)],
        base: cwd,
      });
  return plainModelFolder(folder, await cacheFolder(env), await modelPlaces(env));
}
