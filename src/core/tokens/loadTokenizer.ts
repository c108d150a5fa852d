/**
 * Loads a model folder's tokenizer from tokenizer.json, or from the files that older models have.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { failure, fromSystemError, systemCode, usageError } from '../base/errors.js';
import { bertTokenizerFiles } from './bertFiles.js';
import { robertaTokenizerFiles } from './robertaFiles.js';
import { createTokenizer } from './tokenizer.js';
import type { Tokenizer, TokenizerFiles } from './tokenizer.js';

export async function loadTokenizer(modelFolder: string): Promise<Tokenizer> {
  const config = (await readObject(modelFolder, 'tokenizer_config.json')) ?? {};
  const tokenizerJson = await readObject(modelFolder, 'tokenizer.json');
  if (tokenizerJson !== null) return createTokenizer(tokenizerJson, config);
  const files = (await readRobertaFiles(modelFolder)) ?? (await readBertFiles(modelFolder, config));
  if (files === null) {
    throw usageError(
      `The model folder ${modelFolder} has no tokenizer: it needs tokenizer.json, vocab.json with merges.txt, or vocab.txt.`,
    );
  }
  return createTokenizer(files.tokenizerJson, { ...files.tokenizerConfig, ...config });
}

async function readRobertaFiles(modelFolder: string): Promise<TokenizerFiles | null> {
  const vocabulary = await readObject(modelFolder, 'vocab.json');
  const merges = await readOptional(modelFolder, 'merges.txt');
  if (vocabulary === null || merges === null) return null;
  return robertaTokenizerFiles(vocabulary as Record<string, number>, parseMerges(merges));
}

async function readBertFiles(modelFolder: string, config: object): Promise<TokenizerFiles | null> {
  const text = await readOptional(modelFolder, 'vocab.txt');
  return text === null ? null : bertTokenizerFiles(parseVocabulary(text), config);
}

/** One token per line; its id is the 0-based line number. */
function parseVocabulary(text: string): Map<string, number> {
  const lines = text.split(/\r\n|\n|\r/);
  if (lines.at(-1) === '') lines.pop();
  return new Map(lines.map((token, id) => [token, id]));
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
    if (systemCode(error) === 'ENOENT') return null;
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
    // Reported below.
  }
  throw failure(`${name} in ${folder} is damaged: it is not a JSON object; copy the model again.`);
}
