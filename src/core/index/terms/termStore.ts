/**
 * The term rows of a store, beside its tables:
 *
 *     words/head.json     names of the portions, in order; replaced last, as the commit
 *     words/words-N       a portion
 *
 * They follow from the notes and no model, so all tables of a store share them: what is missing or
 * damaged is counted again. Later portions override rows of earlier ones, and rows of notes that the tables no
 * longer hold do not count.
 */
import { readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isAbsent } from '../../base/errors.js';
import { makeFolder, writeFileAtomic } from '../../base/files.js';
import { rowsOf } from '../tables.js';
import type { Tables } from '../tables.js';
import { decodeTermRows, encodeTermRows } from './termFile.js';
import { joinTermRows, termRowsOf } from './termRows.js';
import type { ChosenRow, TermRows } from './termRows.js';

export const termFolder = 'words';
/** More portions than this are joined. */
const mostPortions = 8;
/** Notes whose texts are read at once. */
const notesAtOnce = 500;

/** Where the words of each note are; by key. */
export type TermPlaces = ReadonlyMap<string, ChosenRow>;

/** A note as the tables hold it now. */
export interface LiveNote {
  readonly key: string;
  readonly fingerprint: string;
}

/** What is stored, whether or not the tables still hold it. Nothing if it cannot be read. */
export async function readTermPlaces(storeFolder: string): Promise<TermPlaces> {
  const folder = join(storeFolder, termFolder);
  for (let attempt = 0; ; attempt++) {
    try {
      return placesIn(await readPortions(folder, await readHead(folder)));
    } catch (error) {
      // A writer may have joined portions between our two reads.
      if (!isAbsent(error) || attempt >= 5) throw error;
    }
  }
}

/** Counts the words of notes that `known` does not cover as they are now. */
export async function completeTerms(
  tables: Tables,
  live: readonly LiveNote[],
  known: TermPlaces,
): Promise<TermRows[]> {
  const missing = live.filter(({ key, fingerprint }) => !covers(known, key, fingerprint));
  const added: TermRows[] = [];
  for (let start = 0; start < missing.length; start += notesAtOnce) {
    const key = missing.slice(start, start + notesAtOnce).map((note) => note.key);
    const notes = await rowsOf(tables.documents(['key', 'fingerprint', 'text'], { key }));
    added.push(termRowsOf(notes));
  }
  return added;
}

/** Brings the stored words up to date with the tables. Words of notes that are gone leave the disk. */
export async function updateTerms(storeFolder: string, tables: Tables): Promise<void> {
  const folder = join(storeFolder, termFolder);
  const live = await rowsOf(tables.documents(['key', 'fingerprint']));
  const head = await readHead(folder);
  const stored = await readPortions(folder, head).catch((error: unknown) => {
    if (isAbsent(error)) return [];
    throw error;
  });
  const added = await completeTerms(tables, live, placesIn(stored));
  const all = [...stored, ...added];
  const places = placesIn(all);
  const chosen = live.flatMap(({ key, fingerprint }) =>
    covers(places, key, fingerprint) ? [places.get(key)!] : [],
  );
  const rows = all.reduce((sum, { keys }) => sum + keys.length, 0);
  const isTidy = chosen.length === rows && stored.length === head.portions.length;
  if (isTidy && added.length === 0) return;
  await makeFolder(folder, 0o700);
  let { next } = head;
  const append = isTidy && head.portions.length < mostPortions;
  const written = append
    ? joinTermRows(added.flatMap((from) => from.keys.map((_, row) => ({ from, row }))))
    : joinTermRows(chosen);
  const name = `words-${next++}`;
  await writeFileAtomic(join(folder, name), encodeTermRows(written));
  const portions = append ? [...head.portions, name] : [name];
  await writeFileAtomic(join(folder, 'head.json'), JSON.stringify({ format: 1, portions, next }));
  await removeUnnamed(folder, portions);
}

export function placesIn(portions: readonly TermRows[]): TermPlaces {
  const places = new Map<string, ChosenRow>();
  for (const from of portions) from.keys.forEach((key, row) => places.set(key, { from, row }));
  return places;
}

export function covers(places: TermPlaces, key: string, fingerprint: string): boolean {
  const place = places.get(key);
  return place !== undefined && place.from.fingerprints[place.row] === fingerprint;
}

interface Head {
  readonly portions: readonly string[];
  /** Number of the next portion. Names are never used again, or a reader would miss the change. */
  readonly next: number;
}

async function readHead(folder: string): Promise<Head> {
  try {
    const head: unknown = JSON.parse(await readFile(join(folder, 'head.json'), 'utf8'));
    if (isHead(head)) return head;
  } catch (error) {
    if (!isAbsent(error) && !(error instanceof SyntaxError)) throw error;
  }
  return { portions: [], next: 1 };
}

function isHead(json: unknown): json is Head {
  const { format, portions, next } = Object(json) as Record<string, unknown>;
  return (
    format === 1 &&
    typeof next === 'number' &&
    Array.isArray(portions) &&
    portions.every((name) => typeof name === 'string' && /^words-\d+$/.test(name))
  );
}

/** Without those that are damaged: their notes are counted again. */
async function readPortions(folder: string, { portions }: Head): Promise<TermRows[]> {
  const rows: TermRows[] = [];
  for (const name of portions) {
    const portion = decodeTermRows(await readFile(join(folder, name)));
    if (portion !== null) rows.push(portion);
  }
  return rows;
}

async function removeUnnamed(folder: string, portions: readonly string[]): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name === 'head.json' || portions.includes(name)) continue;
    await rm(join(folder, name), { force: true });
  }
}
