/** Decides which files make up a model, for copies and downloads alike. */
import { failure } from '../base/errors.js';
import { adapterFileNames, modelFileNames, torchWeights, torchWeightsIndex } from './fileNames.js';
import { foreignWeights } from './foreignWeights.js';
import { isSettingsFile } from './sentenceTransformers.js';
import { weightNames } from './weightFiles.js';

/** Besides the weights. ONNX files are created on first use. */
const modelFiles: readonly string[] = [
  modelFileNames.config,
  modelFileNames.tokenizer,
  modelFileNames.tokenizerConfig,
  modelFileNames.specialTokens,
  'vocab.json',
  'merges.txt',
  'vocab.txt',
  'sentencepiece.bpe.model',
  'added_tokens.json',
  'sentencepiece.bpe.model',
  'spiece.model',
  modelFileNames.card,
  'LICENSE',
  'LICENSE.txt',
  modelFileNames.notespace,
  modelFileNames.modules,
  modelFileNames.sentenceTransformer,
];

/** A module of sentence-transformers, such as 1_Pooling or 2_Dense. */
const moduleFile = /^(\d+_\w+)\/(config\.json|model\.safetensors|pytorch_model\.bin)$/;

/**
 * Those of `names` that make up the model: one form of the weights only, safetensors before
 * pickles.
 *
 * @param shards the files that the index of the weights names, if they are in several
 */
export function modelFilesAmong(
  names: ReadonlySet<string>,
  shards: ReadonlySet<string> = new Set(),
): string[] {
  if (isAdapter(names)) return adapterFilesAmong(names);
  const weights = weightsAmong(names);
  return [...names].filter(
    (name) =>
      modelFiles.includes(name) ||
      isSettingsFile(name) ||
      name === weights ||
      shards.has(name) ||
      isOfModule(name, names),
  );
}

/** The file to begin with: the weights, or the index of their files. */
export function weightsAmong(names: ReadonlySet<string>): string | undefined {
  return weightNames.find((name) => names.has(name));
}

export function isPickled(weights: string | undefined): boolean {
  return weights === torchWeights || weights === torchWeightsIndex;
}

export function isAdapter(names: ReadonlySet<string>): boolean {
  return names.has(adapterFileNames.config) && weightsAmong(names) === undefined;
}

function adapterFilesAmong(names: ReadonlySet<string>): string[] {
  const { config, weights, torchWeights: pickle } = adapterFileNames;
  const stored = names.has(weights) ? weights : pickle;
  const others = modelFiles.filter((name) => name !== modelFileNames.config);
  return [...names].filter((name) => [config, stored, ...others].includes(name));
}

function isOfModule(name: string, names: ReadonlySet<string>): boolean {
  const [, folder, file] = moduleFile.exec(name) ?? [];
  if (folder === undefined) return false;
  return file !== torchWeights || !names.has(`${folder}/${modelFileNames.weights}`);
}

const tokenizers: readonly (readonly string[])[] = [
  [modelFileNames.tokenizer],
  ['vocab.json', 'merges.txt'],
  ['vocab.txt'],
  ['sentencepiece.bpe.model'],
];

/** Throws if the files are not a supported model, before any is fetched. */
export function checkFileNames(model: string, names: ReadonlySet<string>): void {
  if (isAdapter(names)) {
    const { weights, torchWeights: pickle } = adapterFileNames;
    if (names.has(weights) || names.has(pickle)) return;
    throw failure(`The adapter ${model} has no weights, because ${weights} is missing.`);
  }
  if (!names.has(modelFileNames.config)) {
    throw failure(`${model} is no model for Notespace, because it has no config.json.`);
  }
  if (weightsAmong(names) === undefined) {
    const foreign = foreignWeights(names);
    throw failure(
      foreign === null
        ? `${model} has no weights, because model.safetensors is missing.`
        : `${model} has its weights ${foreign}`,
    );
  }
  if (!tokenizers.some((files) => files.every((name) => names.has(name)))) {
    throw failure(
      `${model} has no tokenizer: it needs tokenizer.json, vocab.json with merges.txt, or vocab.txt.`,
    );
  }
}
