import { failure } from '../base/errors.js';
import type { EncoderConfig } from '../encoder/config.js';
import { parseEncoderConfig } from '../encoder/huggingFaceConfig.js';
import { modelFileNames } from './fileNames.js';
import { checkModelFolder } from './modelFiles.js';
import { readModelJson } from './readModelJson.js';

export interface ModelConfig {
  readonly config: EncoderConfig;
  /** The fields of `config.json` as found in the folder. */
  readonly rawConfig: Readonly<Record<string, unknown>>;
}

/** The cheap part of `readModel`: does not read the weights. */
export async function readModelConfig(folder: string): Promise<ModelConfig> {
  await checkModelFolder(folder);
  return readConfigFile(folder);
}

/** The same, for a folder whose weights may still be missing. */
export async function readConfigFile(folder: string): Promise<ModelConfig> {
  const rawConfig = await readModelJson(folder, modelFileNames.config);
  if (rawConfig === null) throw failure(`The model folder ${folder} lost its config.json.`);
  return { config: parseEncoderConfig(rawConfig), rawConfig };
}
