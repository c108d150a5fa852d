/** Where the programs of dist/ find the bundled model; the extension has its own way (places.ts). */
import { fileURLToPath } from 'node:url';
import { bundledFolderName } from './bundledModel.js';

/** In a folder next to the one that holds this bundle. */
export const bundledModel = fileURLToPath(
  new URL(`../models/${bundledFolderName}`, import.meta.url),
);
