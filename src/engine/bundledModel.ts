/**
 * Each version of Notespace is installed in its own folder, with the bundled model in it. So whatever
 * must survive an update refers to the model by name, not by folder.
 */
import { basename } from 'node:path';
import { exists } from '../core/base/files.js';

export const bundledName = 'bundled';

/** In the folder `models` of an installation. */
export const bundledFolderName = 'notespace-minilm';

/** @param bundled the folder of the bundled model of this version */
export async function installedModel(model: string, bundled: string): Promise<string> {
  if (model === bundledName) return bundled;
  // Runs and indexes of earlier versions refer to a folder that the update has removed.
  const isGone = basename(model) === basename(bundled) && !(await exists(model));
  return isGone ? bundled : model;
}

/** A model's display name: its run's if a run made it, otherwise its folder's. */
export function modelName(folder: string): string {
  const parts = folder.split(/[\\/]/).filter((part) => part !== '');
  const last = parts.at(-1) ?? folder;
  return last === 'model' ? (parts.at(-2) ?? last) : last;
}
