import type { Embedder } from '../embed/embedder.js';
import { promptsOfIndex, readManifest, storeFormat } from './manifest.js';

/** Why an index cannot be updated but is built again, in one sentence; else `null`. */
export async function rebuildReason(
  folder: string,
  embedder: Pick<Embedder, 'modelHash' | 'prompts'>,
): Promise<string | null> {
  const manifest = await readManifest(folder);
  if (manifest === null) return null;
  if (manifest.format !== storeFormat) {
    return 'The index was made by an older version, without the dates and other columns of notes: all notes are embedded again.';
  }
  if (manifest.modelHash === embedder.modelHash) return null;
  const cause =
    promptsOfIndex(manifest).document === embedder.prompts.document
      ? 'another model, or the model embedded notes in another way'
      : 'another document prompt';
  return `The index was made with ${cause}: all notes are embedded again.`;
}
