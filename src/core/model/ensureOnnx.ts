import { dirname, join } from 'node:path';
import { fromSystemError } from '../base/errors.js';
import { exists, makeFolder, writeFileAtomic } from '../base/files.js';
import type { Lowering } from '../graph/graph.js';
import { exportOnnx } from './exportOnnx.js';
import { modelFileNames } from './fileNames.js';
import { modelHash } from './modelFiles.js';
import { readModel } from './readModel.js';
import { readModelJson } from './readModelJson.js';

/**
 * Increment when `exportOnnx` writes a different graph, so that files of older versions are not
 * used.
 */
const onnxVersion = 1;

/**
 * Path of an ONNX file that matches the model: the folder's own if we wrote it from these weights
 * (a foreign one may have other inputs and outputs), otherwise one created in the cache.
 */
export async function ensureOnnx(
  modelFolder: string,
  cacheFolder: string,
  lowering: Lowering,
): Promise<string> {
  const hash = await modelHash(modelFolder);
  if (lowering === 'cpu') {
    const own = await readModelJson(modelFolder, modelFileNames.notespace);
    const path = join(modelFolder, modelFileNames.onnx);
    if (own?.['onnxOf'] === hash && (await exists(path))) return path;
  }
  const path = join(cacheFolder, 'onnx', `${hash}-${lowering}-${onnxVersion}.onnx`);
  if (await exists(path)) return path;
  const model = await readModel(modelFolder);
  const bytes = exportOnnx(model.config, model.parameters, { lowering });
  try {
    await makeFolder(dirname(path));
    await writeFileAtomic(path, bytes);
  } catch (error) {
    throw fromSystemError(error, `The cache folder ${cacheFolder}`);
  }
  return path;
}
