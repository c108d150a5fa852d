import { readFile } from 'node:fs/promises';
import { basename, relative, sep } from 'node:path';

import { fromSystemError, systemCode, usageError, UserError } from '../core/base/errors.js';
import { letterKindOf } from '../core/corpus/letters/letterKinds.js';
import type { LetterKind } from '../core/corpus/letters/letterKinds.js';
import { readLetter } from '../core/corpus/letters/readLetter.js';
import { decodeText } from '../core/corpus/textEncoding.js';
import { openStore } from '../core/index/store.js';
import type { Store } from '../core/index/store.js';
import type { GivenPrompts } from '../core/model/prompts.js';
import { bundledModel } from '../engine/bundledFolder.js';
import { installedModel } from '../engine/bundledModel.js';
import { createQueries } from '../engine/lookup/queries.js';
import { answerSimilar } from '../engine/lookup/similar.js';
import { createSnapshots } from '../engine/lookup/snapshots.js';
import { automatic } from '../protocol/catalogue/devices.js';
import {
  assertionLabels,
  lookupDefaults,
  lookupModeNames,
  lookupModes,
} from '../protocol/catalogue/lookup.js';
import type { LookupOptions } from '../protocol/catalogue/lookup.js';
import type { SimilarQuery, SimilarResult } from '../protocol/lookup.js';
import type { Command, CommandContext, Terminal } from './command.js';
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
  k: {
    type: 'number',
    placeholder: 'N',
    short: 'k',
    help: `how many notes (default ${lookupDefaults.k})`,
  },
  mode: {
    type: 'text',
    placeholder: 'MODE',
    choices: lookupModeNames,
    sentences: Object.fromEntries(
      lookupModeNames.map((name) => [name, lookupModes[name].sentence]),
    ),
    help: `how notes are compared (default ${lookupDefaults.mode})`,
  },
  where: {
    type: 'text',
    placeholder: 'FILTER',
    help: 'search only these notes, such as: category = Nursing and date >= 2021-03',
  },
  'exclude-group': {
    type: 'flag',
    help: "leave out notes of the note's own patient (the default with --id and a --file of the corpus)",
  },
  'include-group': { type: 'flag', help: "search notes of the note's own patient too" },
  'exclude-folder': { type: 'flag', help: "leave out notes of the note's own folder" },
  'all-copies': { type: 'flag', help: 'list almost identical notes one by one' },
  'leave-out-negated': {
    type: 'flag',
    help: 'leave out notes that deny what the query says, or say it of the family',
  },
  explain: { type: 'flag', help: 'say why each note was found' },
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
    const k = parsed.k ?? lookupDefaults.k;
    if (k < 1 || k > mostResults) throw usageError(`-k is a number from 1 to ${mostResults}.`);
    const given = [parsed.id, parsed.file, parsed.text].filter((value) => value !== null);
    if (given.length !== 1) {
      throw usageError('similar needs one of --id, --file and --text, and only one.');
    }
    const store = await openStore(absolute(parsed.store, cwd));
    const { cacheFolder, threads, signal } = await plainJobContext(context);
    const queries = createQueries({ cacheFolder, threads, bundledModel });
    try {
      const { query, prompts } = await queryOf(store, parsed, context);
      const params = {
        ...{ query, k, device: parsed.device ?? automatic.name, explain: parsed.explain },
        ...optionsOf(parsed, query),
      };
      const snapshots = createSnapshots();
      const answer = await answerSimilar(store, params, { queries, snapshots, prompts, signal });
      if (answer.remark !== null) terminal.say(answer.remark);
      if (parsed.json) {
        const results = answer.results.map((result) => jsonResult(result, parsed.explain));
        printJson(terminal, { results });
        return;
      }
      if (answer.results.length === 0) terminal.say(nothingFound(answer.searched));
      printResults(terminal, answer.results, parsed.explain);
    } finally {
      await queries.release();
      await store.close();
    }
  },
};

type Parsed = ParsedOptions<typeof options>;

function optionsOf(parsed: Parsed, query: SimilarQuery): LookupOptions & { where?: string } {
  const { mode, where } = parsed;
  if (parsed['exclude-group'] && parsed['include-group']) {
    throw usageError('--exclude-group and --include-group are opposites: leave one out.');
  }
  const isOfNote = 'id' in query || query.excludeId !== undefined;
  for (const name of ['exclude-group', 'exclude-folder'] as const) {
    if (parsed[name] && !isOfNote) {
      throw usageError(`--${name} needs a note of the index: name one with --id or --file.`);
    }
  }
  return {
    ...(mode === null ? {} : { mode }),
    ...(where === null ? {} : { where }),
    ...(parsed['include-group'] ? { excludeGroup: false } : {}),
    ...(parsed['exclude-group'] ? { excludeGroup: true } : {}),
    ...(parsed['exclude-folder'] ? { excludeFolder: true } : {}),
    ...(parsed['all-copies'] ? { foldCopies: false } : {}),
    ...(parsed['leave-out-negated'] ? { leaveOutNegated: true } : {}),
  };
}

function jsonResult(result: SimilarResult, explain: boolean) {
  const { rank, id, similarity, percentile, nearness, semanticRank, keywordRank } = result;
  const { category, snippet, passage, assertion, copies, why } = result;
  return {
    ...{ rank, id, similarity, percentile, nearness, semanticRank, keywordRank },
    ...{ category, snippet, passage, assertion, copies },
    ...(explain ? { why } : {}),
  };
}

function nothingFound(searched: number): string {
  return searched === 0
    ? 'No note passes the filter and the exclusions.'
    : 'No note has anything in common with this.';
}

function printResults(
  terminal: Terminal,
  results: readonly SimilarResult[],
  explain: boolean,
): void {
  const rows = results.map((result) => {
    const { rank, similarity, percentile, nearness, category, id, snippet } = result;
    const row = [String(rank), nearness === null ? '-' : `${Math.round(nearness)} %`];
    row.push(`${percentile.toFixed(1)} %`, similarity.toFixed(3));
    row.push(category ?? '-', id, [...labelsOf(result), snippet.slice(0, 80)].join(' '));
    if (explain) row.push(...reasonsOf(result));
    return row;
  });
  const header = ['', 'nearness', 'nearer than', 'cosine', 'category', 'id', ''];
  printTable(terminal, explain ? [...header, 'meaning', 'words', 'in common'] : header, rows);
}

function labelsOf({ assertion, copies }: SimilarResult): string[] {
  const labels: string[] = [];
  if (assertion !== null) labels.push(`[${assertionLabels[assertion]}]`);
  if (copies.count > 0) labels.push(`[${copies.count} almost identical]`);
  return labels;
}

function reasonsOf({ why }: SimilarResult): string[] {
  const part = (value: number | null | undefined): string => value?.toFixed(1) ?? '-';
  const terms = why?.terms.slice(0, 6).map(({ term }) => term) ?? [];
  return [part(why?.semantic), part(why?.keyword), terms.join(', ')];
}

async function queryOf(
  store: Store,
  parsed: Parsed,
  { cwd }: CommandContext,
): Promise<{ query: SimilarQuery; prompts: GivenPrompts }> {
  const prompts = givenPrompts(parsed);
  const { modelFolder: indexedWith } = store.manifest;
  await refusePrompts(await installedModel(indexedWith, bundledModel), prompts);
  if (parsed.id !== null) {
    if (Object.keys(prompts).length > 0) {
      throw usageError(
        'A note of the index is not embedded again: leave the prompts out with --id.',
      );
    }
    return { query: { id: parsed.id }, prompts };
  }
  if (parsed.file === null) {
    return { query: { text: parsed.text ?? '', as: 'query' }, prompts };
  }
  const path = absolute(parsed.file, cwd);
  const excludeId = idOfFile(store, path);
  const query = {
    ...{ text: await readTextFile(path), as: 'document' as const },
    ...(excludeId === null ? {} : { excludeId }),
  };
  return { query, prompts };
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
