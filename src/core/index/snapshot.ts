/**
 * The notes of a store in memory, as lookups need them: their fields, vectors and words, but no text.
 * Read once, and again only as far as notes have changed. Notes are in the order of their ids, so that
 * results do not depend on the order of writing.
 */
import { dirname, relative, sep } from 'node:path';
import { normalised } from './cosine.js';
import { compareIds } from './ids.js';
import type { Store } from './store.js';
import { rowsOf } from './tables.js';
import type { DocumentRow } from './tables.js';
import { postingsOf } from './terms/postings.js';
import type { Postings } from './terms/postings.js';
import { joinTermRows } from './terms/termRows.js';
import { completeTerms, covers, placesIn, readTermPlaces } from './terms/termStore.js';
import type { TermPlaces } from './terms/termStore.js';

const noteColumns = [
  ...([
    'key',
    'id',
    'fingerprint',
    'category',
    'label',
    'group',
    'date',
    'fields',
    'file',
  ] as const),
  'vector',
] as const;
const passageColumns = ['document', 'index', 'start', 'end', 'vector'] as const;
/** Notes whose rows are read at once. */
const notesAtOnce = 500;
/** The mean of as many notes as this counts for half: of few notes, it is mostly what they say. */
const notesForHalfTheMean = 20;

export interface SnapshotPassage {
  readonly index: number;
  readonly start: number;
  readonly end: number;
  /** Normalised, [dimension]. */
  readonly vector: Float32Array;
  /** Of the vector less the mean. */
  readonly centredLength: number;
}

/** As it is read, before the mean is known. */
interface ReadNote extends Omit<SnapshotNote, 'passages'> {
  readonly passages: readonly Omit<SnapshotPassage, 'centredLength'>[];
}

export interface SnapshotNote extends Omit<
  Pick<DocumentRow, (typeof noteColumns)[number]>,
  'vector'
> {
  /** Of a note that is a whole file: its folder within the corpus, "." for the corpus's own. */
  readonly folder: string | null;
  /** Normalised, [dimension]: a view of the snapshot's `vectors`. */
  readonly vector: Float32Array;
  /** In the order of the text; none if the model can read nothing of the note. */
  readonly passages: readonly SnapshotPassage[];
}

export interface Snapshot {
  /** Of the tables that it was read from. */
  readonly version: string;
  readonly notes: readonly SnapshotNote[];
  /** Places in `notes`. */
  readonly byKey: ReadonlyMap<string, number>;
  readonly byId: ReadonlyMap<string, number>;
  readonly dimension: number;
  /** [notes, dimension], normalised. */
  readonly vectors: Float32Array;
  /** [dimension]: the mean of the notes' vectors, less of it where they are few. */
  readonly mean: Float32Array;
  /** [notes]: lengths of the notes' vectors less the mean. */
  readonly centredLengths: Float64Array;
  /** Row i is note i. */
  readonly postings: Postings;
  /** [notes, sketchSize] */
  readonly sketches: Uint8Array;
  readonly terms: TermPlaces;
}

/** @param before an earlier snapshot of the same tables, whose unchanged notes are kept */
export async function readSnapshot(store: Store, before: Snapshot | null): Promise<Snapshot> {
  const { tables } = store;
  const version = await tables.version();
  if (before?.version === version) return before;
  const live = await rowsOf(tables.documents(['key', 'fingerprint']));
  const known = before?.terms ?? (await readTermPlaces(store.folder));
  const added = placesIn(await completeTerms(tables, live, known));
  const terms: TermPlaces = new Map(
    live.flatMap(({ key, fingerprint }) => {
      const place = added.get(key) ?? known.get(key);
      return place === undefined || place.from.fingerprints[place.row] !== fingerprint
        ? []
        : [[key, place] as const];
    }),
  );
  const kept = new Map<string, ReadNote>();
  for (const { key, fingerprint } of live) {
    const note = before?.notes[before.byKey.get(key) ?? -1];
    if (note?.fingerprint === fingerprint) kept.set(key, note);
  }
  const missing = live.flatMap(({ key }) => (kept.has(key) ? [] : [key]));
  const fresh = await readNotes(store, kept.size === 0 ? null : missing);
  // A note that changed between these reads is left to the next snapshot.
  const notes = [...kept.values(), ...fresh]
    .filter(({ key, fingerprint }) => covers(terms, key, fingerprint))
    .sort((a, b) => compareIds(a.id, b.id));
  return assembled(version, notes, terms, store.manifest.dimension);
}

/** @param keys of the notes; `null`: all */
async function readNotes(
  { tables, manifest }: Store,
  keys: readonly string[] | null,
): Promise<ReadNote[]> {
  const { source } = manifest.corpus;
  const found: ReadNote[] = [];
  for (const portion of keys === null ? [null] : portions(keys)) {
    const rows = await rowsOf(
      tables.documents(noteColumns, portion === null ? undefined : { key: portion }),
    );
    const only = portion === null ? undefined : { document: portion };
    const passages = new Map<string, ReadNote['passages'][number][]>();
    for await (const batch of tables.passages(passageColumns, only)) {
      for (const { document, index, start, end, vector } of batch) {
        // Normalised copies: views would keep all that was read.
        const passage = { index, start, end, vector: normalised(vector) };
        const list = passages.get(document);
        if (list === undefined) passages.set(document, [passage]);
        else list.push(passage);
      }
    }
    for (const row of rows) {
      const own = passages.get(row.key) ?? [];
      const folder = row.file === null ? null : folderWithin(source, row.file);
      found.push({ ...row, folder, passages: own.sort((a, b) => a.index - b.index) });
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
  read: readonly ReadNote[],
  terms: TermPlaces,
  dimension: number,
): Snapshot {
  const vectors = new Float32Array(read.length * dimension);
  const sum = new Float64Array(dimension);
  read.forEach(({ vector }, i) => {
    vectors.set(vector, i * dimension);
    for (let k = 0; k < dimension; k++) sum[k]! += vector[k]!;
  });
  const mean = Float32Array.from(sum, (value) => value / (read.length + notesForHalfTheMean));
  const centredLengths = new Float64Array(read.length);
  const notes = read.map((note, i): SnapshotNote => {
    const vector = vectors.subarray(i * dimension, (i + 1) * dimension);
    const centredLength = (centredLengths[i] = centredLengthOf(vector, mean));
    // A note's only passage has its direction.
    const passages =
      note.passages.length === 1
        ? note.passages.map((one) => ({ ...one, vector, centredLength }))
        : note.passages.map((one) => {
            return { ...one, centredLength: centredLengthOf(one.vector, mean) };
          });
    return { ...note, vector, passages };
  });
  const rows = joinTermRows(notes.map(({ key }) => terms.get(key)!));
  return {
    version,
    notes,
    byKey: new Map(notes.map(({ key }, i) => [key, i])),
    byId: new Map(notes.map(({ id }, i) => [id, i])),
    dimension,
    vectors,
    mean,
    centredLengths,
    postings: postingsOf(rows),
    sketches: rows.sketches,
    terms,
  };
}

function centredLengthOf(vector: Float32Array, mean: Float32Array): number {
  let square = 0;
  for (let k = 0; k < mean.length; k++) square += (vector[k]! - mean[k]!) ** 2;
  return Math.sqrt(square);
}
