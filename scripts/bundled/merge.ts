/** A model between two others. */
import { readModel } from '../../src/core/model/readModel.js';
import { readTokenizer } from '../../src/core/model/readTokenizer.js';
import { writeModel } from '../../src/core/model/writeModel.js';
import { mergeModels } from '../../src/core/train/merge.js';

/**
 * Writes the encoder of base + ratio x (trained - base). It has no head: one has to learn again over
 * the merged encoder.
 *
 * @param ratio 0: the base, 1: the trained model
 */
export async function writeMerged(
  folder: string,
  models: { readonly base: string; readonly trained: string; readonly ratio: number },
): Promise<void> {
  const base = await readModel(models.base);
  const trained = await readModel(models.trained);
  const { config, sentence } = base;
  const { files } = await readTokenizer(models.base, config);
  const merged = mergeModels(config, base.parameters, trained.parameters, models.ratio);
  await writeModel(folder, {
    config,
    parameters: new Map([...merged].filter(([name]) => base.parameters.has(name))),
    tokenizerFiles: files,
    card: '',
    dtype: 'F32',
    trainingHashes: trained.trainingHashes,
    sentence,
    onnx: null,
  });
}
