/**
 * The notes of a store in memory, as lookups need them: their fields, vectors and words, but no text.
 * Read once, and again only as far as notes have changed. Notes are in the order of their ids, so that
 * results do not depend on the order of writing.
 */
import { dirname, relative, sep } from 'node:path';
import { compareIds } from './ids.js';
import { copyIndex } from './nearCopies.js';
import type { CopyIndex } from './nearCopies.js';
import { copyVectors, place, readVectors, rowsOfAll } from './rows/placeNotes.js';
import type { PlacedNotes } from './rows/placeNotes.js';
import { scanRows } from './rows/scanRows.js';
import type { ScanRows } from './rows/scanRows.js';
import { precisionFor } from './rows/vectorRows.js';
import type { VectorRows } from './rows/vectorRows.js';
import type { Store } from './store.js';
import { rowsOf } from './tables.js';
import { noteColumns } from './snapshotNote.js';
import type { ReadNote, SnapshotNote } from './snapshotNote.js';
import { postingsOf } from './terms/postings.js';
import type { Postings } from './terms/postings.js';
import { joinTermRows } from './terms/termRows.js';
import type { ChosenRow } from './terms/termRows.js';
import { completeTerms, covers, placesIn, readTermPlaces } from './terms/termStore.js';
import type { TermPlaces } from './terms/termStore.js';

const passageColumns = ['document', 'index', 'start', 'end'] as const;
/** Notes whose rows are read at once. */
const notesAtOnce = 500;
/** The mean of as many notes as this counts for half: of few notes, it is mostly what they say. */
const notesForHalfTheMean = 20;
/** Vectors up to here are compared as they are, in a millisecond or two; more in bytes first. */
const mostComparedAsTheyAre = 5_000;
/** Beyond, only those that signs tell to be near are compared in bytes. */
const mostComparedInBytes = 250_000;

export interface Snapshot {
  /** Of the tables that it was read from. */
  readonly version: string;
  readonly notes: readonly SnapshotNote[];
  /** Places in `notes`. */
  readonly byKey: ReadonlyMap<string, number>;
  readonly byId: ReadonlyMap<string, number>;
  readonly dimension: number;
  /**
   * Normalised. Row i is note i; the passages of notes that have several follow, in the order of the notes. A
   * note's only passage has the note's direction, and its row.
   */
  readonly rows: VectorRows;
  /** Places of the notes that have not exactly one passage. */
  readonly unlike: Uint32Array;
  /** [dimension]: the mean of the notes' vectors, less of it where they are few. */
  readonly mean: Float32Array;
  /** [rows]: lengths of the vectors less the mean. */
  readonly centredLengths: Float64Array;
  /** For scanning; `null` where vectors are few enough to be compared as they are. */
  readonly scan: ScanRows | null;
  /** Row i is note i. */
  readonly postings: Postings;
  /** [notes, sketchSize] */
  readonly sketches: Uint8Array;
  readonly copies: CopyIndex;
  readonly terms: TermPlaces;
}

export interface SnapshotOptions {
  /** Bytes that the process may have: where they are few, vectors are kept in int16. */
  readonly memory?: number;
  /** Override how many vectors are compared as they are, and how many in bytes. */
  readonly mostCompared?: number;
  readonly mostInBytes?: number;
}

/** @param before an earlier snapshot of the same tables, whose unchanged notes are kept */
export async function readSnapshot(
  store: Store,
  before: Snapshot | null,
  options: SnapshotOptions = {},
): Promise<Snapshot> {
  const { tables } = store;
  const version = await tables.version();
  if (before?.version === version) return before;
  const live = await rowsOf(tables.documents(['key', 'fingerprint']));
  const known = before?.terms ?? (await readTermPlaces(store.folder));
  const added = placesIn(await completeTerms(tables, live, known));
  const terms = new Map<string, ChosenRow>();
  for (const { key, fingerprint } of live) {
    const place = added.get(key) ?? known.get(key);
    if (place?.from.fingerprints[place.row] === fingerprint) terms.set(key, place);
  }
  const kept = new Map<string, ReadNote>();
  for (const { key, fingerprint } of live) {
    const note = before?.notes[before.byKey.get(key) ?? -1];
    if (note?.fingerprint === fingerprint) kept.set(key, note);
  }
  const missing = live.flatMap(({ key }) => (kept.has(key) ? [] : [key]));
  const isFirst = kept.size === 0;
  const fresh = await readNotes(store, isFirst ? null : missing);
  // A note that changed between these reads is left to the next snapshot.
  const notes = [...kept.values(), ...fresh]
    .filter(({ key, fingerprint }) => covers(terms, key, fingerprint))
    .sort((a, b) => compareIds(a.id, b.id));
  const precision = precisionFor(rowsOfAll(notes), store.manifest.dimension, options.memory);
  let placed = place(notes, store.manifest.dimension, precision);
  const isWhole = await readVectors(tables, placed, before, isFirst ? null : missing);
  if (isWhole.includes(0)) {
    // What changed before its vectors were read.
    const whole = place(
      notes.filter((_, i) => isWhole[i] === 1),
      store.manifest.dimension,
      precision,
    );
    const places = new Map(placed.notes.map(({ key }, i) => [key, i]));
    whole.notes.forEach(({ key }, i) => {
      copyVectors(placed, places.get(key)!, whole, i);
    });
    placed = whole;
  }
  return assembled(version, placed, terms, options);
}

/** @param keys of the notes; `null`: all */
async function readNotes(
  { tables, manifest }: Store,
  keys: readonly string[] | null,
): Promise<ReadNote[]> {
  const { source } = manifest.corpus;
  const found: ReadNote[] = [];
  const same = new Map<string, string>();
  const once = <T extends string | null>(value: T): T | string => {
    if (value === null) return value;
    const before = same.get(value);
    if (before === undefined) same.set(value, value);
    return before ?? value;
  };
  for (const portion of keys === null ? [null] : portions(keys)) {
    const only = portion === null ? undefined : { document: portion };
    const passages = new Map<string, ReadNote['passages'][number][]>();
    for await (const batch of tables.passages(passageColumns, only)) {
      for (const { document, index, start, end } of batch) {
        const passage = { index, start, end };
        const list = passages.get(document);
        if (list === undefined) passages.set(document, [passage]);
        else list.push(passage);
      }
    }
    const chosen = portion === null ? undefined : { key: portion };
    for await (const batch of tables.documents(noteColumns, chosen)) {
      for (const row of batch) {
        const own = passages.get(row.key) ?? [];
        const folder = row.file === null ? null : folderWithin(source, row.file);
        found.push({
          ...row,
          // Values that many notes share are held once.
          ...{ category: once(row.category), label: once(row.label), group: once(row.group) },
          ...{ date: once(row.date), folder: once(folder) },
          passages: own.sort((a, b) => a.index - b.index),
        });
      }
    }
  }
  return found;
}

/** @param source of the corpus */
export function folderWithin(source: string, file: string): string {
  const folder = relative(source, dirname(file)).split(sep).join('/');
  return folder === '' ? '.' : folder;
}

function* portions(keys: readonly string[]): Generator<readonly string[]> {
  for (let i = 0; i < keys.length; i += notesAtOnce) yield keys.slice(i, i + notesAtOnce);
}

function assembled(
  version: string,
  { notes, rows }: PlacedNotes,
  terms: TermPlaces,
  { mostCompared = mostComparedAsTheyAre, mostInBytes = mostComparedInBytes }: SnapshotOptions,
): Snapshot {
  const { dimension } = rows;
  const sum = new Float64Array(dimension);
  for (let i = 0; i < notes.length; i++) {
    const vector = rows.at(i);
    for (let k = 0; k < dimension; k++) sum[k]! += vector[k]!;
  }
  const mean = Float32Array.from(sum, (value) => value / (notes.length + notesForHalfTheMean));
  const centredLengths = new Float64Array(rows.count);
  for (let row = 0; row < rows.count; row++) {
    centredLengths[row] = centredLengthOf(rows.at(row), mean);
  }
  const scan =
    rows.count <= mostCompared
      ? null
      : scanRows(rows, mean, centredLengths, rows.count > mostInBytes);
  const words = joinTermRows(notes.map(({ key }) => terms.get(key)!));
  return {
    version,
    notes,
    byKey: new Map(notes.map(({ key }, i) => [key, i])),
    byId: new Map(notes.map(({ id }, i) => [id, i])),
    dimension,
    rows,
    unlike: Uint32Array.from(
      notes.flatMap(({ passages }, i) => (passages.length === 1 ? [] : [i])),
    ),
    mean,
    centredLengths,
    scan,
    postings: postingsOf(words),
    sketches: words.sketches,
    copies: copyIndex(words.sketches),
    terms,
  };
}

function centredLengthOf(vector: Float32Array, mean: Float32Array): number {
  let square = 0;
  for (let k = 0; k < mean.length; k++) square += (vector[k]! - mean[k]!) ** 2;
  return Math.sqrt(square);
}
