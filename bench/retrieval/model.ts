/** A model with its vectors kept on disk, so that no text is embedded twice. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { createEmbedder } from '../../src/core/embed/embedder.js';
import type { Embedder } from '../../src/core/embed/embedder.js';
import { withKnownPassages } from '../../src/core/embed/knownPassages.js';
import { openPassageFiles } from '../../src/core/embed/passageFiles.js';

export interface KnownModel {
  readonly embedder: Embedder;
  /** Whether questions are embedded as notes are, and can be kept with them. */
  readonly hasPrompts: boolean;
  close(): Promise<void>;
}

export async function openModel(modelFolder: string, cacheFolder: string): Promise<KnownModel> {
  const embedder = await createEmbedder({
    ...{ modelFolder, cacheFolder: join(cacheFolder, 'onnx'), device: 'cpu' },
    threads: Math.max(1, availableParallelism() >> 1),
  });
  const { modelHash, dimension, prompts } = embedder;
  const folder = join(cacheFolder, `vectors-${modelHash.slice(0, 8)}`);
  const files = openPassageFiles(folder, modelHash, dimension);
  return {
    embedder: withKnownPassages(embedder, [files]),
    hasPrompts: prompts.query !== prompts.document,
    async close() {
      await files.close();
      await embedder.release();
    },
  };
}
