/** The tokenizer of a model folder: tokenizer.json, or the older vocab.json with merges.txt. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { failure, fromSystemError, usageError } from '../base/errors.js';
import { robertaTokenizerFiles } from './robertaFiles.js';
import { createTokenizer } from './tokenizer.js';
import type { Tokenizer } from './tokenizer.js';

export async function loadTokenizer(modelFolder: string): Promise<Tokenizer> {
  const config = await readObject(modelFolder, 'tokenizer_config.json');
  const tokenizerJson = await readObject(modelFolder, 'tokenizer.json');
  if (tokenizerJson !== null) return createTokenizer(tokenizerJson, config ?? {});
  const vocabulary = await readObject(modelFolder, 'vocab.json');
  const merges = await readOptional(modelFolder, 'merges.txt');
  if (vocabulary === null || merges === null) {
    throw usageError(
      `The model folder ${modelFolder} has no tokenizer: it needs tokenizer.json, or vocab.json with merges.txt.`,
    );
  }
  const files = robertaTokenizerFiles(vocabulary as Record<string, number>, parseMerges(merges));
  return createTokenizer(files.tokenizerJson, { ...files.tokenizerConfig, ...config });
}

function parseMerges(text: string): [string, string][] {
  const merges: [string, string][] = [];
  for (const line of text.split('\n')) {
    const [left, right, ...rest] = line.trimEnd().split(' ');
    if (line.startsWith('#version') || left === undefined || left === '') continue;
    if (right === undefined || rest.length > 0) {
      throw failure('merges.txt is damaged: each line needs two parts; copy the model again.');
    }
    merges.push([left, right]);
  }
  return merges;
}

async function readOptional(folder: string, name: string): Promise<string | null> {
  try {
    return await readFile(path.join(folder, name), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw fromSystemError(error, path.join(folder, name));
  }
}

async function readObject(folder: string, name: string): Promise<object | null> {
  const text = await readOptional(folder, name);
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Said below.
  }
  throw failure(`${name} in ${folder} is damaged: it is not a JSON object; copy the model again.`);
}
