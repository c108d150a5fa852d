/** A model with random weights, which stands beside the others: what it can do, anyone can. */
import { join } from 'node:path';
import { createRandom } from '../../../core/base/random.js';
import { usageError } from '../../../core/base/errors.js';
import { parameterSpecs } from '../../../core/encoder/declarations.js';
import { initialParameters } from '../../../core/encoder/parameters.js';
import type { Candidate } from '../../../core/evaluate/protocol.js';
import { loadSentence } from '../../../core/model/denseLayer.js';
import { readModel } from '../../../core/model/readModel.js';
import { readModelConfig } from '../../../core/model/readModelConfig.js';
import { readTokenizer } from '../../../core/model/readTokenizer.js';
import { readSentenceEmbedding } from '../../../core/model/sentenceTransformers.js';
import { writeModel } from '../../../core/model/writeModel.js';
import type { JobContext } from '../context.js';
import { withFolder } from '../neighbourScore.js';

/** Stands for the model with random weights in tables. */
export const untrainedName = 'random-weights';

/** Lends a model like the first candidate, with random weights. */
export async function withUntrained<T>(
  [first]: readonly Candidate[],
  { runFolder, cacheFolder }: JobContext,
  use: (untrained: Candidate) => Promise<T>,
): Promise<T> {
  if (first === undefined) throw usageError('Name at least one model to evaluate.');
  const folder = join(runFolder ?? cacheFolder, untrainedName);
  return withFolder(folder, async () => {
    const { config } = await readModelConfig(first.folder);
    const sentence = await loadSentence(
      first.folder,
      await readSentenceEmbedding(first.folder, config),
    );
    const specs = parameterSpecs(config, { mlmHead: false });
    const tokenizer = await readTokenizer(first.folder, config);
    await writeModel(folder, {
      config,
      parameters: initialParameters(specs, config, createRandom(0, untrainedName)),
      sentence,
      tokenizerFiles: tokenizer.files,
      dtype: 'F32',
      onnx: null,
      trainingHashes: null,
      card: '',
    });
    return use({
      folder,
      name: untrainedName,
      async load() {
        const model = await readModel(folder);
        return { ...model, tokenizer };
      },
    });
  });
}
