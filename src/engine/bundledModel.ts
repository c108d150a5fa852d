/**
 * The bundled model lies where Notespace is installed, and each version is installed in a folder of its
 * own: what is to outlast an update names the model, not the folder.
 */
import { basename } from 'node:path';
import { exists } from '../core/base/files.js';

export const bundledName = 'bundled';

/** @param bundled the folder of the bundled model of this version */
export async function installedModel(model: string, bundled: string): Promise<string> {
  if (model === bundledName) return bundled;
  // Runs and indexes of earlier versions name its folder, which the update has removed.
  const isGone = basename(model) === basename(bundled) && !(await exists(model));
  return isGone ? bundled : model;
}

/** What a model is called: by its run where the folder is a run's model, otherwise by its folder. */
export function modelName(folder: string): string {
  const parts = folder.split(/[\\/]/).filter((part) => part !== '');
  const last = parts.at(-1) ?? folder;
  return last === 'model' ? (parts.at(-2) ?? last) : last;
}
