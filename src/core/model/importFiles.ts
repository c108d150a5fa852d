/**
 * Decides which files make up a model and which are never opened, for copies and downloads alike.
 */
import { failure } from '../base/errors.js';
import { modelFileNames } from './fileNames.js';

/** ONNX files are created on first use; pickles are never opened. */
const modelFiles: readonly string[] = [
  modelFileNames.config,
  modelFileNames.weights,
  modelFileNames.tokenizer,
  modelFileNames.tokenizerConfig,
  modelFileNames.specialTokens,
  'vocab.json',
  'merges.txt',
  'vocab.txt',
  'added_tokens.json',
  modelFileNames.card,
  'LICENSE',
  'LICENSE.txt',
  modelFileNames.notespace,
  modelFileNames.modules,
  modelFileNames.pooling,
  modelFileNames.sentenceTransformer,
  modelFileNames.sentenceBert,
];

const shard = /^model-\d+-of-\d+\.safetensors$/;

/**
 * Those of `names` that make up the model; parts of the weights only if they are not in one file.
 */
export function modelFilesAmong(names: ReadonlySet<string>): string[] {
  const isWhole = names.has(modelFileNames.weights);
  return [...names].filter(
    (name) =>
      modelFiles.includes(name) ||
      (!isWhole && (name === modelFileNames.weightsIndex || shard.test(name))),
  );
}

const tokenizers: readonly (readonly string[])[] = [
  [modelFileNames.tokenizer],
  ['vocab.json', 'merges.txt'],
  ['vocab.txt'],
];

/** Throws if the files are not a supported model, before any is fetched. */
export function checkFileNames(model: string, names: ReadonlySet<string>): void {
  if (!names.has(modelFileNames.config)) {
    throw failure(`${model} is no model for Notespace, because it has no config.json.`);
  }
  const isSplit = names.has(modelFileNames.weightsIndex) && [...names].some((n) => shard.test(n));
  if (!names.has(modelFileNames.weights) && !isSplit) throw failure(missingWeights(model, names));
  if (!tokenizers.some((files) => files.every((name) => names.has(name)))) {
    throw failure(
      `${model} has no tokenizer: it needs tokenizer.json, vocab.json with merges.txt, or vocab.txt.`,
    );
  }
}

function missingWeights(model: string, names: ReadonlySet<string>): string {
  const pickle = [...names].find((name) =>
    /\.(bin|pt|pth|ckpt|pkl|pickle|h5|msgpack)$/i.test(name),
  );
  return pickle === undefined
    ? `${model} has no weights, because model.safetensors is missing.`
    : `${model} has its weights only as ${pickle}, which can run code or is no format of ours: convert it in Python, with AutoModelForMaskedLM.from_pretrained(name).save_pretrained(folder, safe_serialization=True), and import that folder.`;
}
