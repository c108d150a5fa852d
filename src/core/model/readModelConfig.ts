import { failure } from '../base/errors.js';
import type { EncoderConfig } from '../encoder/config.js';
import { parseEncoderConfig } from '../encoder/huggingFaceConfig.js';
import { modelFileNames } from './fileNames.js';
import { typeByArchitecture, typeByWeights } from './guessModelType.js';
import { checkModelFolder } from './modelFiles.js';
import { readModelJson } from './readModelJson.js';
import { withWeights } from './weightFiles.js';

export interface ModelConfig {
  readonly config: EncoderConfig;
  /** The fields of `config.json` as found in the folder. */
  readonly rawConfig: Readonly<Record<string, unknown>>;
}

/** The cheap part of `readModel`: reads no weights, at most their names. */
export async function readModelConfig(folder: string): Promise<ModelConfig> {
  await checkModelFolder(folder);
  const rawConfig = await readFields(folder);
  const known = withType(rawConfig);
  if (known !== null) return { config: parseEncoderConfig(known), rawConfig };
  const type = await withWeights(folder, (weights) =>
    Promise.resolve(typeByWeights(rawConfig, weights)),
  );
  if (type === null) {
    throw failure(
      `The config.json of ${folder} does not say its model_type, and its weights do not show it for certain: add it, such as "model_type": "bert", as the model's page says.`,
    );
  }
  return { config: parseEncoderConfig({ ...rawConfig, model_type: type }), rawConfig };
}

/** Checks a folder whose weights are still missing, as far as that goes without them. */
export async function checkConfigFile(folder: string): Promise<void> {
  const known = withType(await readFields(folder));
  if (known !== null) parseEncoderConfig(known);
}

async function readFields(folder: string): Promise<Record<string, unknown>> {
  const fields = await readModelJson(folder, modelFileNames.config);
  if (fields === null) throw failure(`The model folder ${folder} lost its config.json.`);
  return fields;
}

/** The fields with their `model_type`, if they or the architecture say it. */
function withType(fields: Record<string, unknown>): Record<string, unknown> | null {
  if (typeof fields['model_type'] === 'string') return fields;
  const type = typeByArchitecture(fields);
  return type === null ? null : { ...fields, model_type: type };
}
