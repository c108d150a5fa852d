import { readFile } from 'node:fs/promises';
import { basename, relative, sep } from 'node:path';

import { fromSystemError, systemCode, usageError, UserError } from '../core/base/errors.js';
import { letterKindOf } from '../core/corpus/letters/letterKinds.js';
import type { LetterKind } from '../core/corpus/letters/letterKinds.js';
import { readLetter } from '../core/corpus/letters/readLetter.js';
import { decodeText } from '../core/corpus/textEncoding.js';
import { similarDocuments } from '../core/index/search.js';
import type { SimilarTo } from '../core/index/search.js';
import { openStore } from '../core/index/store.js';
import type { Store } from '../core/index/store.js';
import { bundledModel } from '../engine/bundledFolder.js';
import { installedModel } from '../engine/bundledModel.js';
import { createQueries } from '../engine/lookup/queries.js';
import { automatic } from '../protocol/catalogue/devices.js';
import type { Command, CommandContext } from './command.js';
import type { ParsedOptions } from './options.js';
import { plainJobContext } from './jobContext.js';
import { printJson, printTable } from './output.js';
import { refusePrompts } from './refusePrompts.js';
import {
  absolute,
  deviceOption,
  givenPrompts,
  jsonOption,
  promptOptions,
} from './sharedOptions.js';

const options = {
  store: { type: 'text', placeholder: 'DIR', required: true, help: "the index's folder" },
  id: { type: 'text', placeholder: 'ID', help: 'a note of the index, which is left out itself' },
  file: { type: 'text', placeholder: 'FILE', help: 'a file that holds a note, embedded as one' },
  text: { type: 'text', placeholder: 'TEXT', help: 'text to look up, embedded as a query' },
  k: { type: 'number', placeholder: 'N', short: 'k', help: 'how many notes (default 10)' },
  ...promptOptions,
  ...deviceOption('embed'),
  ...jsonOption,
} as const;
const mostResults = 1000;

export const similarCommand: Command<typeof options> = {
  name: 'similar',
  summary: 'Finds the notes of an index that are most similar to one',
  usage: '--store DIR (--id ID | --file FILE | --text TEXT) [options]',
  example: 'similar --store index --text "fell on the way to the bathroom"',
  positionals: 0,
  options,
  async run(parsed, _positionals, context) {
    const { terminal, cwd } = context;
    const k = parsed.k ?? 10;
    if (k < 1 || k > mostResults) throw usageError(`-k is a number from 1 to ${mostResults}.`);
    const given = [parsed.id, parsed.file, parsed.text].filter((value) => value !== null);
    if (given.length !== 1) {
      throw usageError('similar needs one of --id, --file and --text, and only one.');
    }
    const store = await openStore(absolute(parsed.store, cwd));
    try {
      const hits = await similarDocuments(store, await queryOf(store, parsed, k, context));
      if (parsed.json) {
        const results = hits.map(({ rank, id, similarity, category, snippet, passage }) => ({
          rank,
          id,
          similarity,
          category,
          snippet,
          passage,
        }));
        printJson(terminal, { results });
        return;
      }
      const rows = hits.map(({ rank, id, similarity, category, snippet }) => [
        String(rank),
        similarity.toFixed(3),
        category ?? '-',
        id,
        snippet.slice(0, 80),
      ]);
      printTable(terminal, ['', 'cosine', 'category', 'id', ''], rows);
    } finally {
      await store.close();
    }
  },
};

async function queryOf(
  store: Store,
  parsed: ParsedOptions<typeof options>,
  k: number,
  context: CommandContext,
): Promise<SimilarTo> {
  const prompts = givenPrompts(parsed);
  const { modelFolder: indexedWith } = store.manifest;
  await refusePrompts(await installedModel(indexedWith, bundledModel), prompts);
  if (parsed.id !== null) {
    if (Object.keys(prompts).length > 0) {
      throw usageError(
        'A note of the index is not embedded again: leave the prompts out with --id.',
      );
    }
    return { id: parsed.id, k };
  }
  const { cacheFolder, threads, signal } = await plainJobContext(context);
  const path = parsed.file === null ? null : absolute(parsed.file, context.cwd);
  const text = path === null ? (parsed.text ?? '') : await readTextFile(path);
  const queries = createQueries({ cacheFolder, threads, bundledModel });
  try {
    const query = { text, as: path === null ? 'query' : 'document', prompts } as const;
    const vector = await queries.embed(store, query, parsed.device ?? automatic.name, signal);
    const excludeId = path === null ? null : idOfFile(store, path);
    return excludeId === null ? { vector, k } : { vector, k, excludeId };
  } finally {
    await queries.release();
  }
}

/** A file inside the indexed folder is one of its notes: its id is its relative path. */
function idOfFile(store: Store, path: string): string | null {
  const { source } = store.manifest.corpus;
  const inside = relative(source, path);
  if (inside === '' || inside.startsWith('..') || inside === basename(source)) return null;
  return inside.split(sep).join('/');
}

async function readTextFile(path: string): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT') throw usageError(`There is no file ${path}: check --file.`);
    if (code === 'EISDIR') throw usageError(`${path} is a folder: name a file with --file.`);
    throw fromSystemError(error, path);
  }
  const kind = letterKindOf(path, bytes);
  if (kind !== null) return letterText(kind, path, bytes);
  const text = decodeText(bytes);
  if (text === null) throw usageError(`${path} holds no text: name a text file or a letter.`);
  return text;
}

async function letterText(kind: LetterKind, path: string, bytes: Buffer): Promise<string> {
  const decode = (content: Buffer): string => decodeText(content) ?? '';
  try {
    return (await readLetter(kind, bytes, { decode })).text;
  } catch (error) {
    throw error instanceof UserError ? usageError(`${path} ${error.message}`) : error;
  }
}
