/** What a list of models says of one: read from its configuration and the header of its weights. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { failure, fromSystemError } from '../base/errors.js';
import { readTensorNames } from '../base/safetensors.js';
import { parseEncoderConfig } from '../encoder/config.js';
import type { EncoderConfig } from '../encoder/config.js';
import { parameterSpecs } from '../encoder/parameters.js';
import { modelFileNames } from './fileNames.js';
import { checkModelFolder } from './modelFiles.js';
import { readModelJson } from './readModelJson.js';
import { weightFiles } from './weightFiles.js';

export interface ModelDescription {
  readonly architecture: EncoderConfig['modelType'];
  readonly layers: number;
  readonly hiddenSize: number;
  readonly parameters: number;
  readonly hasMlmHead: boolean;
  /** Of the weights. */
  readonly bytes: number;
}

/** Refuses, in one sentence, what cannot be used. No weights are loaded. */
export async function describeModel(folder: string): Promise<ModelDescription> {
  await checkModelFolder(folder);
  const rawConfig = await readModelJson(folder, modelFileNames.config);
  if (rawConfig === null) throw failure(`The model folder ${folder} lost its config.json.`);
  const config = parseEncoderConfig(rawConfig);
  const files = await weightFiles(folder);
  const paths = files
    .filter((name) => name !== modelFileNames.weightsIndex)
    .map((name) => join(folder, name));
  const names = (await Promise.all(paths.map(readTensorNames))).flat();
  const sizes = await Promise.all(paths.map(sizeOf));
  const hasMlmHead = names.some((name) => /^(lm_head|cls\.predictions)\./.test(name));
  const specs = parameterSpecs(config, { mlmHead: hasMlmHead });
  return {
    architecture: config.modelType,
    layers: config.hiddenLayers,
    hiddenSize: config.hiddenSize,
    parameters: specs.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0),
    hasMlmHead,
    bytes: sizes.reduce((a, b) => a + b, 0),
  };
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    throw fromSystemError(error, `The weight file ${path}`);
  }
}
