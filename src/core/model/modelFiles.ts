/** Checks and identifies model folders. */
import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fromSystemError, systemCode, usageError } from '../base/errors.js';
import type { UserError } from '../base/errors.js';
import { hashFile } from '../base/hash.js';
import { refusePointerAt } from '../base/lfsPointer.js';
import { adapterFileNames, modelFileNames } from './fileNames.js';
import { foreignWeights } from './foreignWeights.js';
import { weightFiles, weightNames } from './weightFiles.js';

/** The files that determine a model's output, including vocabularies of older models. */
const hashedFiles = (weights: readonly string[]): string[] => [
  modelFileNames.config,
  ...weights,
  modelFileNames.tokenizer,
  modelFileNames.tokenizerConfig,
  'vocab.json',
  'merges.txt',
  'vocab.txt',
  'sentencepiece.bpe.model',
  'added_tokens.json',
  modelFileNames.specialTokens,
];

/** Files that Git LFS may have left a pointer for; weights are checked when they are opened. */
const smallFiles: readonly string[] = [
  modelFileNames.config,
  modelFileNames.tokenizer,
  'vocab.json',
  'merges.txt',
  'vocab.txt',
  'sentencepiece.bpe.model',
  'spiece.model',
];

/**
 * Identifies a model by content: configuration, weights and tokenizer. A copy has the same hash;
 * the card, the ONNX file and the folder's name are ignored.
 */
export async function modelHash(folder: string): Promise<string> {
  await checkModelFolder(folder);
  const hash = createHash('sha256');
  for (const name of hashedFiles(await weightFiles(folder))) {
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

/**
 * Cached, since every lookup asks for the hash: rereads the weights only if the file has changed.
 */
async function hashUnlessKnown(path: string): Promise<string> {
  const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
  const stamp = [dev, ino, size, mtimeNs, ctimeNs].join();
  const known = knownHashes.get(path);
  if (known?.stamp === stamp) return known.hash;
  const hash = await hashFile(path);
  knownHashes.set(path, { stamp, hash });
  return hash;
}

/** Throws, saying what is missing, if the folder is not a model. */
export async function checkModelFolder(folder: string): Promise<void> {
  const names = await listFolder(folder);
  if (!names.has(modelFileNames.config)) throw withoutConfig(folder, names);
  for (const name of smallFiles) if (names.has(name)) await refusePointerAt(join(folder, name));
  if (weightNames.some((name) => names.has(name))) {
    await weightFiles(folder);
    return;
  }
  const foreign = foreignWeights(names);
  throw usageError(
    foreign === null
      ? `The model folder ${folder} has no weights, because model.safetensors is missing: copy or download the whole model.`
      : `The model ${folder} has its weights ${foreign}`,
  );
}

function withoutConfig(folder: string, names: ReadonlySet<string>): UserError {
  if (names.has(adapterFileNames.config)) {
    return usageError(
      `${folder} is an adapter of peft, not a whole model: import it, which merges it onto its base.`,
    );
  }
  if (names.has('snapshots') && names.has('refs')) {
    return usageError(
      `${folder} is a folder of the hub's cache: import it, or choose one of the folders in its folder snapshots.`,
    );
  }
  // Where sentence-transformers used to keep the model itself.
  const inner = names.has('0_Transformer')
    ? 'its folder 0_Transformer, or another one'
    : 'a folder';
  return usageError(
    `${folder} is not a model folder, because it has no config.json: choose ${inner} in Hugging Face's layout.`,
  );
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
