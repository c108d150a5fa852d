/** Which files make a model, whoever brings them, and which of them nobody opens. */
import { failure } from '../base/errors.js';
import { modelFileNames } from './modelFiles.js';

/** The ONNX files are made anew on first use; pickles are never opened. */
export const modelFiles: readonly string[] = [
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

const tokenizers: readonly (readonly string[])[] = [
  [modelFileNames.tokenizer],
  ['vocab.json', 'merges.txt'],
  ['vocab.txt'],
];

/** Refuses, in one sentence, what is no model for us, before any of it is fetched. */
export function checkFileNames(model: string, names: ReadonlySet<string>): void {
  if (!names.has(modelFileNames.config)) {
    throw failure(`${model} is no model for Notespace, because it has no config.json.`);
  }
  if (!names.has(modelFileNames.weights)) throw failure(missingWeights(model, names));
  if (!tokenizers.some((files) => files.every((name) => names.has(name)))) {
    throw failure(
      `${model} has no tokenizer: it needs tokenizer.json, vocab.json with merges.txt, or vocab.txt.`,
    );
  }
}

function missingWeights(model: string, names: ReadonlySet<string>): string {
  if (names.has('model.safetensors.index.json')) {
    return `${model} is split over several weight files: save it as one in Python, with save_pretrained(folder, max_shard_size="50GB"), and import that folder.`;
  }
  const pickle = [...names].find((name) =>
    /\.(bin|pt|pth|ckpt|pkl|pickle|h5|msgpack)$/i.test(name),
  );
  return pickle === undefined
    ? `${model} has no weights, because model.safetensors is missing.`
    : `${model} has its weights only as ${pickle}, which can run code or is no format of ours: convert it in Python, with AutoModelForMaskedLM.from_pretrained(name).save_pretrained(folder, safe_serialization=True), and import that folder.`;
}
