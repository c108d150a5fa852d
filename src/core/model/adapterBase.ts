/** Finds the model that an adapter belongs on, on this machine. */
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { failure } from '../base/errors.js';
import { exists } from '../base/files.js';
import type { AdapterConfig } from './adapterConfig.js';
import { modelFileNames } from './fileNames.js';
import { findInHubCache, snapshotFolder } from './hubCache.js';
import { importedRevision } from './importNames.js';

export interface ModelPlaces {
  /** Folders whose sub-folders are imported models, called owner--name. */
  readonly models: readonly string[];
  /** See `hubCaches`. */
  readonly hubCaches: readonly string[];
}

/** @param name of the adapter, for messages */
export async function findBase(
  adapterFolder: string,
  { base, revision }: Pick<AdapterConfig, 'base' | 'revision'>,
  { models, hubCaches }: ModelPlaces,
  name = adapterFolder,
): Promise<string> {
  const isHubName = /^[\w.-]+\/[\w.-]+$/.test(base);
  const folders = isAbsolute(base)
    ? [base]
    : [resolve(adapterFolder, base), resolve(dirname(adapterFolder), base)];
  if (isHubName) {
    folders.push(...models.map((folder) => join(folder, importedRevision(base, revision))));
  }
  for (const folder of folders) {
    const snapshot = await snapshotFolder(folder);
    if (await exists(join(snapshot, modelFileNames.config))) return snapshot;
  }
  const cached = isHubName ? await findInHubCache(hubCaches, base, revision) : null;
  if (cached !== null) return cached;
  throw failure(
    isHubName
      ? `The adapter ${name} belongs on the model ${base}, which is not on this machine: import ${base} first, then the adapter.`
      : `The adapter ${name} belongs on the model ${base}, which is not on this machine: write the folder of that model, or its owner/name, as base_model_name_or_path into adapter_config.json.`,
  );
}
