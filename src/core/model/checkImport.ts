import { readAdapterConfig } from './adapterConfig.js';
import { describeModel } from './describeModel.js';
import { snapshotFolder } from './hubCache.js';
import { isAdapterFolder } from './mergeAdapter.js';

/** Throws at once if a folder can never be imported; loads no weights, so that more may follow. */
export async function checkImport(folder: string): Promise<void> {
  const source = await snapshotFolder(folder);
  if (await isAdapterFolder(source)) await readAdapterConfig(source);
  else await describeModel(source);
}
