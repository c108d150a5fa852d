/** Describes a model for lists, from its configuration and the header of its weights. */
import type { FamilyName } from '../../protocol/catalogue/families.js';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fromSystemError } from '../base/errors.js';
import { parameterSpecs } from '../encoder/declarations.js';
import { headState, isTied } from './mlmHead.js';
import { modelFit } from './modelFit.js';
import { readModelConfig } from './readModelConfig.js';
import { isIndex, weightFiles, withWeights } from './weightFiles.js';

export interface ModelDescription {
  /** The family's `model_type`. */
  readonly architecture: FamilyName;
  readonly layers: number;
  readonly hiddenSize: number;
  readonly parameters: number;
  readonly hasMlmHead: boolean;
  /** Size of the weights. */
  readonly bytes: number;
  /** What it is good for, in one line; see `modelFit`. */
  readonly fit: string;
}

/** Throws if the model cannot be used. Reads no weights but the vectors of its head. */
export async function describeModel(folder: string): Promise<ModelDescription> {
  const { config, rawConfig } = await readModelConfig(folder);
  const files = (await weightFiles(folder)).filter((name) => !isIndex(name));
  const sizes = await Promise.all(files.map((name) => sizeOf(join(folder, name))));
  const all = parameterSpecs(config, { mlmHead: true });
  const head = await withWeights(folder, (weights) =>
    headState(config, weights, { specs: all, isTied: isTied(rawConfig) }),
  );
  const hasMlmHead = head === 'usable';
  const specs = all.filter(({ part }) => hasMlmHead || part === 'encoder');
  return {
    architecture: config.modelType,
    layers: config.hiddenLayers,
    hiddenSize: config.hiddenSize,
    parameters: specs.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0),
    hasMlmHead,
    bytes: sizes.reduce((a, b) => a + b, 0),
    fit: await modelFit(folder, config),
  };
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    throw fromSystemError(error, `The weight file ${path}`);
  }
}
