/** The Dense module of sentence-transformers: `nn.Linear`, then an activation. */
import { join } from 'node:path';
import { failure, usageError } from '../base/errors.js';
import { isFloat, readFloats } from '../base/storedTensor.js';
import { readModelJson } from './readModelJson.js';
import { activations } from './sentenceEmbedding.js';
import type {
  ActivationName,
  DenseLayer,
  LoadedDenseLayer,
  LoadedLayer,
  LoadedSentence,
  SentenceEmbedding,
} from './sentenceEmbedding.js';
import { withWeights } from './weightFiles.js';

const activationNames = Object.keys(activations) as ActivationName[];

/**
 * Reads its `config.json`.
 *
 * @param width length of the vectors that it is given
 */
export async function readDenseLayer(
  folder: string,
  path: string,
  width: number,
): Promise<DenseLayer> {
  const place = join(folder, path);
  const config = path === '' ? null : await readModelJson(folder, `${path}/config.json`);
  if (config === null) {
    throw usageError(
      `The model ${folder} lacks the folder of a Dense module: copy or download the whole model.`,
    );
  }
  checkSentenceInput(place, config);
  if (config['use_residual'] === true) {
    throw usageError(
      `The Dense module ${place} sets use_residual, which is not supported: choose a model without it.`,
    );
  }
  const { in_features: inFeatures, out_features: outFeatures } = config;
  if (inFeatures !== width || typeof outFeatures !== 'number' || !(outFeatures >= 1)) {
    throw failure(
      `The Dense module ${place} turns ${JSON.stringify(inFeatures)} numbers into ${JSON.stringify(outFeatures)} where it is given ${width}: copy or download the whole model again.`,
    );
  }
  return {
    kind: 'dense',
    folder: path,
    inFeatures,
    outFeatures,
    hasBias: config['bias'] !== false,
    activation: activationOf(place, config['activation_function'] ?? activations.Tanh.torch),
  };
}

/** Throws if a module reads or writes anything but the sentence's vector. */
export function checkSentenceInput(
  folder: string,
  config: Readonly<Record<string, unknown>>,
): void {
  for (const key of ['module_input_name', 'module_output_name']) {
    const name = config[key] ?? 'sentence_embedding';
    if (name === 'sentence_embedding') continue;
    throw usageError(
      `The module ${folder} has ${key} ${JSON.stringify(name)}, which is not supported: choose a model whose modules work on the sentence_embedding.`,
    );
  }
}

function activationOf(place: string, name: unknown): ActivationName {
  const [root, ...parts] = typeof name === 'string' ? name.split('.') : [];
  const known = activationNames.find((each) => each === parts.at(-1));
  if (root === 'torch' && known !== undefined) return known;
  throw usageError(
    `The Dense module ${place} has the activation ${JSON.stringify(name)}, which is not supported: choose a model with ${activationNames.join(', ')}.`,
  );
}

/** Reads the weights of its Dense modules. */
export async function loadSentence(
  folder: string,
  sentence: SentenceEmbedding,
): Promise<LoadedSentence> {
  const layers: LoadedLayer[] = [];
  for (const layer of sentence.layers) {
    layers.push(layer.kind === 'dense' ? await loadDense(folder, layer) : layer);
  }
  return { ...sentence, layers };
}

async function loadDense(folder: string, layer: DenseLayer): Promise<LoadedDenseLayer> {
  const { inFeatures, outFeatures, hasBias } = layer;
  const place = join(folder, layer.folder);
  return withWeights(place, async (weights) => {
    const take = async (name: string, shape: readonly number[]): Promise<Float32Array> => {
      const tensor = weights.get(name);
      if (tensor?.shape.join() === shape.join() && isFloat(tensor)) {
        const values = await readFloats(tensor);
        if (values.every(Number.isFinite)) return values;
      }
      throw failure(
        `The Dense module ${place} has no ${name} of [${shape.join(', ')}] numbers: copy or download the whole model again.`,
      );
    };
    return {
      ...layer,
      weight: await take('linear.weight', [outFeatures, inFeatures]),
      bias: hasBias ? await take('linear.bias', [outFeatures]) : null,
    };
  });
}
