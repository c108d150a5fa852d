/** The files of a model folder that say how it tokenizes. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { failure, fromSystemError, systemCode } from '../base/errors.js';
import type { Settings } from './layout.js';
import { parseSentencePiece } from './sentencePieceModel.js';
import type { SentencePieceModel } from './sentencePieceModel.js';
import type { TokenizerJson } from './tokenizerJson.js';

export interface TokenizerFolder {
  readonly path: string;
  readonly tokenizerJson: TokenizerJson | null;
  /** tokenizer_config.json and config.json; empty if they are missing. */
  readonly config: Settings;
  readonly modelConfig: Settings;
  readonly specialTokensMap: Settings | null;
  readonly addedTokens: Settings | null;
  /** vocab.txt: token to id. */
  readonly wordPieces: ReadonlyMap<string, number> | null;
  /** vocab.json with merges.txt. */
  readonly bytePairs: BytePairs | null;
  /** sentencepiece.bpe.model */
  readonly sentencePiece: SentencePieceModel | null;
}

export interface BytePairs {
  readonly vocab: Readonly<Record<string, number>>;
  readonly merges: readonly (readonly [string, string])[];
}

export async function readTokenizerFolder(folder: string): Promise<TokenizerFolder> {
  const object = (name: string) => readObject(folder, name);
  const vocabulary = await readOptional(folder, 'vocab.txt');
  const bytePairs = await object('vocab.json');
  const merges = await readOptional(folder, 'merges.txt');
  const sentencePiece = await readBytes(folder, sentencePieceFile);
  return {
    path: folder,
    tokenizerJson: await object('tokenizer.json'),
    config: (await object('tokenizer_config.json')) ?? {},
    modelConfig: (await object('config.json')) ?? {},
    specialTokensMap: await object('special_tokens_map.json'),
    addedTokens: await object('added_tokens.json'),
    wordPieces: vocabulary === null ? null : parseVocabulary(vocabulary),
    bytePairs:
      bytePairs === null || merges === null
        ? null
        : { vocab: bytePairs as Record<string, number>, merges: parseMerges(merges) },
    sentencePiece:
      sentencePiece === null
        ? null
        : parseSentencePiece(sentencePiece, path.join(folder, sentencePieceFile)),
  };
}

const sentencePieceFile = 'sentencepiece.bpe.model';
const spaceAtEnd = /\p{White_Space}+$/u;

/** One token per line, without the white space after it; its id is the 0-based line number. */
function parseVocabulary(text: string): ReadonlyMap<string, number> {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return new Map(lines.map((token, id) => [token.replace(spaceAtEnd, ''), id]));
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
  return (await readBytes(folder, name))?.toString('utf8') ?? null;
}

async function readBytes(folder: string, name: string): Promise<Buffer | null> {
  try {
    return await readFile(path.join(folder, name));
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw fromSystemError(error, path.join(folder, name));
  }
}

async function readObject(folder: string, name: string): Promise<Record<string, unknown> | null> {
  const text = await readOptional(folder, name);
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
  } catch {
    // Reported below.
  }
  throw failure(`${name} in ${folder} is damaged: it is not a JSON object; copy the model again.`);
}
