import { dirname, join } from 'node:path';
import { fromSystemError } from '../base/errors.js';
import { exists, makeFolder, writeFileAtomic } from '../base/files.js';
import type { Lowering } from '../graph/graph.js';
import { graphHash } from './embeddingHash.js';
import { exportOnnx } from './exportOnnx.js';
import { modelFileNames } from './fileNames.js';
import { readModel } from './readModel.js';
import { readModelConfig } from './readModelConfig.js';
import { readModelJson } from './readModelJson.js';
import { readSentenceEmbedding } from './sentenceTransformers.js';

/**
 * Increment when `exportOnnx` writes a different graph, so that files of older versions are not
 * used.
 */
const onnxVersion = 2;

/**
 * Path of an ONNX file that matches the model: the folder's own if we wrote it from these weights
 * and modules (a published one may have other inputs and outputs), otherwise one created in the cache.
 */
export async function ensureOnnx(
  modelFolder: string,
  cacheFolder: string,
  lowering: Lowering,
): Promise<string> {
  const { config } = await readModelConfig(modelFolder);
  const sentence = await readSentenceEmbedding(modelFolder, config);
  const hash = await graphHash(modelFolder, sentence);
  if (lowering === 'cpu') {
    const own = await readModelJson(modelFolder, modelFileNames.notespace);
    const path = join(modelFolder, modelFileNames.onnx);
    if (own?.['onnxOf'] === hash && (await exists(path))) return path;
  }
  const path = join(cacheFolder, 'onnx', `${hash}-${lowering}-${onnxVersion}.onnx`);
  if (await exists(path)) return path;
  const model = await readModel(modelFolder);
  const bytes = exportOnnx(model.config, model.parameters, { lowering, sentence: model.sentence });
  try {
    await makeFolder(dirname(path));
    await writeFileAtomic(path, bytes);
  } catch (error) {
    throw fromSystemError(error, `The cache folder ${cacheFolder}`);
  }
  return path;
}
