import { dirname } from 'node:path';
import { bundledModel } from '../../bundledFolder.js';
import { installedModel } from '../../bundledModel.js';
import { readJob } from '../../runFolder.js';

/** By model: the one that its run started from; `null` if no run made it. */
export async function modelBases(
  models: readonly string[],
): Promise<ReadonlyMap<string, string | null>> {
  const bases = new Map<string, string | null>();
  for (const model of models) {
    const job = await readJob(dirname(model)).catch(() => null);
    const isTrained = job?.kind === 'pretrain';
    bases.set(model, isTrained ? await installedModel(job.base, bundledModel) : null);
  }
  return bases;
}
