import type { Embedder } from '../embed/embedder.js';
import { promptsOfIndex, readManifest } from './manifest.js';

/** Why an index cannot be updated with this model but is built again, in one sentence; else `null`. */
export async function rebuildReason(
  folder: string,
  embedder: Pick<Embedder, 'modelHash' | 'prompts'>,
): Promise<string | null> {
  const manifest = await readManifest(folder);
  if (manifest === null || manifest.modelHash === embedder.modelHash) return null;
  const cause =
    promptsOfIndex(manifest).document === embedder.prompts.document
      ? 'another model, or the model embedded notes in another way'
      : 'another document prompt';
  return `The index was made with ${cause}: all notes are embedded again.`;
}
