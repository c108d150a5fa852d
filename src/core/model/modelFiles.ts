/** What a model folder holds, and what identifies it. */
import { createHash } from 'node:crypto';
import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { failure, fromSystemError, usageError } from '../base/errors.js';
import { systemCode } from '../base/files.js';
import { hashFile } from '../base/hash.js';

export const modelFileNames = {
  config: 'config.json',
  weights: 'model.safetensors',
  tokenizer: 'tokenizer.json',
  tokenizerConfig: 'tokenizer_config.json',
  specialTokens: 'special_tokens_map.json',
  card: 'README.md',
  /** What only Notespace knows: salted training hashes, and which weights the ONNX file holds. */
  notespace: 'notespace.json',
  onnxFolder: 'onnx',
  onnx: 'onnx/model.onnx',
  modules: 'modules.json',
  poolingFolder: '1_Pooling',
  pooling: '1_Pooling/config.json',
  sentenceTransformer: 'config_sentence_transformers.json',
  sentenceBert: 'sentence_bert_config.json',
} as const;

/** The files that decide what a model answers; vocabularies without tokenizer.json among them. */
const hashedFiles = [
  modelFileNames.config,
  modelFileNames.weights,
  modelFileNames.tokenizer,
  modelFileNames.tokenizerConfig,
  'vocab.json',
  'merges.txt',
  'vocab.txt',
];

/**
 * Identifies a model by content: configuration, weights and tokenizer. A copy has the same hash; the
 * card, the ONNX file and the folder's name play no part.
 */
export async function modelHash(folder: string): Promise<string> {
  await checkModelFolder(folder);
  const hash = createHash('sha256');
  for (const name of hashedFiles) {
    try {
      hash.update(`${name}:${await hashUnlessKnown(join(folder, name))}\n`);
    } catch (error) {
      if (systemCode(error) === 'ENOENT') continue;
      throw fromSystemError(error, `The model folder ${folder}`);
    }
  }
  return hash.digest('hex').slice(0, 32);
}

const knownHashes = new Map<string, { readonly stamp: string; readonly hash: string }>();

/** A lookup asks for the hash each time: the weights are read again only when the file was touched. */
async function hashUnlessKnown(path: string): Promise<string> {
  const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
  const stamp = [dev, ino, size, mtimeNs, ctimeNs].join();
  const known = knownHashes.get(path);
  if (known?.stamp === stamp) return known.hash;
  const hash = await hashFile(path);
  knownHashes.set(path, { stamp, hash });
  return hash;
}

/** Refuses, in a sentence that says what is missing, what is no model folder. */
export async function checkModelFolder(folder: string): Promise<void> {
  const names = await listFolder(folder);
  if (!names.has(modelFileNames.config)) {
    throw usageError(
      `${folder} is not a model folder, because it has no config.json: choose a folder in Hugging Face's layout.`,
    );
  }
  if (names.has(modelFileNames.weights)) return;
  const pickle = [...names].find((name) => /\.(bin|pt|pth|ckpt|pkl|pickle)$/i.test(name));
  if (pickle !== undefined) {
    throw usageError(
      `The model ${folder} keeps its weights as a pickle (${pickle}), which can run code and is not opened: convert it on a machine with Python by AutoModelForMaskedLM.from_pretrained(folder).save_pretrained(folder, safe_serialization=True).`,
    );
  }
  if (names.has('model.safetensors.index.json')) {
    throw usageError(
      `The model ${folder} is split over several weight files: save it as one, with save_pretrained(folder, max_shard_size="50GB").`,
    );
  }
  throw usageError(
    `The model folder ${folder} has no weights, because model.safetensors is missing: copy or download the whole model.`,
  );
}

/** The object in a JSON file of the model; `null` when there is no such file. */
export async function readModelJson(
  folder: string,
  name: string,
): Promise<Record<string, unknown> | null> {
  const path = join(folder, name);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw fromSystemError(error, `The model file ${path}`);
  }
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json === 'object' && json !== null && !Array.isArray(json)) {
      return json as Record<string, unknown>;
    }
  } catch {
    // Said below, in the user's words.
  }
  throw failure(`The model file ${path} is not a JSON object: copy or download it again.`);
}

async function listFolder(folder: string): Promise<Set<string>> {
  try {
    if (!(await stat(folder)).isDirectory()) {
      throw usageError(`${folder} is a file: name the model's folder instead.`);
    }
    return new Set(await readdir(folder));
  } catch (error) {
    if (systemCode(error) === 'ENOENT') {
      throw usageError(`There is no model folder ${folder}: check the path.`);
    }
    throw fromSystemError(error, `The model folder ${folder}`);
  }
}
