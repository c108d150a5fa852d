/** Embeds the notes of an evaluation, with the vectors that the index or an earlier evaluation has. */
import { basename, dirname, join } from 'node:path';
import { createEmbedder } from '../../core/embed/embedder.js';
import { embedDocuments } from '../../core/embed/embedDocuments.js';
import { withKnownPassages } from '../../core/embed/knownPassages.js';
import type { PassageSource } from '../../core/embed/knownPassages.js';
import { openPassageFiles } from '../../core/embed/passageFiles.js';
import type { Candidate } from '../../core/evaluate/protocol.js';
import { readManifest, storeFormat } from '../../core/index/manifest.js';
import { openStore } from '../../core/index/store.js';
import { storedPassages } from '../../core/index/storedPassages.js';
import type { EmbeddingDevice } from '../devices.js';
import type { JobContext } from './context.js';

/** Folder of the vectors that evaluations keep: beside the runs, so that all of a workspace share it. */
export function vectorsFolder(runFolder: string): string {
  const runs = dirname(runFolder);
  return join(basename(runs) === 'runs' ? dirname(runs) : runFolder, 'embeddings');
}

export interface VectorsFrom {
  /** An index of the corpus; `null`: none. */
  readonly store: string | null;
  readonly device: EmbeddingDevice;
}

export async function embedTexts(
  { folder, name }: Pick<Candidate, 'folder' | 'name'>,
  texts: readonly string[],
  { store, device }: VectorsFrom,
  context: JobContext,
): Promise<{ vectors: Float32Array; dimension: number }> {
  const { cacheFolder, threads, signal, pauseGate, onProgress, runFolder } = context;
  const embedder = await createEmbedder({
    modelFolder: folder,
    cacheFolder,
    device,
    threads,
  });
  const open: { close(): Promise<void> }[] = [];
  try {
    const { modelHash, dimension } = embedder;
    const sources: PassageSource[] = [];
    if (runFolder !== null) {
      const files = openPassageFiles(vectorsFolder(runFolder), modelHash, dimension);
      open.push(files);
      sources.push(files);
    }
    const manifest = store === null ? null : await readManifest(store);
    const isUsable = manifest?.format === storeFormat && manifest.modelHash === modelHash;
    if (store !== null && isUsable) {
      const index = await openStore(store);
      open.push(index);
      sources.push(storedPassages(index.tables));
    }
    const vectors = await embedDocuments(withKnownPassages(embedder, sources), texts, {
      signal,
      pauseGate,
      onProgress: (done, total) =>
        onProgress({ phase: `Embedding notes with ${name}`, done, total, unit: 'notes' }),
    });
    return { vectors, dimension };
  } finally {
    for (const each of open) await each.close();
    await embedder.release();
  }
}
