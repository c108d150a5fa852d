/** Gives the vectors of notes their rows, and reads them there. */
import { normalised } from '../cosine.js';
import type { ReadNote, SnapshotNote } from '../snapshotNote.js';
import type { Tables } from '../tables.js';
import { vectorRows } from './vectorRows.js';
import type { VectorRows } from './vectorRows.js';

export interface PlacedNotes {
  readonly notes: readonly SnapshotNote[];
  /** A row a note, and one a passage of the notes that have several. */
  readonly rows: VectorRows;
}

export function rowsOfAll(notes: readonly ReadNote[]): number {
  return notes.reduce((sum, { passages }) => sum + extraRows(passages), notes.length);
}

function extraRows(passages: readonly unknown[]): number {
  return passages.length === 1 ? 0 : passages.length;
}

export function place(
  notes: readonly ReadNote[],
  dimension: number,
  precision: VectorRows['precision'],
): PlacedNotes {
  let next = notes.length;
  return {
    rows: vectorRows(rowsOfAll(notes), dimension, precision),
    notes: notes.map((note, i): SnapshotNote => {
      const isOne = note.passages.length === 1;
      const passages = note.passages.map(({ index, start, end }) => {
        return { index, start, end, row: isOne ? i : next++ };
      });
      return { ...note, passages };
    }),
  };
}

/** From one place to that of the same note in another set. */
export function copyVectors(from: PlacedNotes, at: number, to: PlacedNotes, place: number): void {
  const own = from.notes[at]!.passages;
  to.rows.set(place, from.rows.at(at));
  to.notes[place]!.passages.forEach(({ row }, i) => {
    if (row !== place) to.rows.set(row, from.rows.at(own[i]!.row));
  });
}

/**
 * @param keys of the notes to read; the others are copied from `before`; `null`: all are read
 * @returns for each note, 1 if all its vectors were found, and are of the note as it is placed
 */
export async function readVectors(
  tables: Tables,
  { notes, rows }: PlacedNotes,
  before: (PlacedNotes & { readonly byKey: ReadonlyMap<string, number> }) | null,
  keys: readonly string[] | null,
): Promise<Uint8Array> {
  const places = new Map(notes.map(({ key }, i) => [key, i]));
  const found = new Uint32Array(notes.length);
  if (before !== null && keys !== null) {
    const fresh = new Set(keys);
    notes.forEach(({ key, passages }, i) => {
      if (fresh.has(key)) return;
      copyVectors(before, before.byKey.get(key)!, { notes, rows }, i);
      found[i] = 1 + extraRows(passages);
    });
  }
  const columns = ['key', 'fingerprint', 'vector'] as const;
  const wanted = keys === null ? undefined : { key: keys };
  for await (const batch of tables.documents(columns, wanted)) {
    for (const { key, fingerprint, vector } of batch) {
      const i = places.get(key);
      if (i === undefined || notes[i]!.fingerprint !== fingerprint) continue;
      rows.set(i, vector);
      found[i]!++;
    }
  }
  const several = notes.flatMap(({ key, passages }, i) =>
    passages.length > 1 && found[i] === 1 ? [key] : [],
  );
  if (several.length > 0) {
    const some = keys === null ? undefined : { document: several };
    for await (const batch of tables.passages(['document', 'index', 'vector'], some)) {
      for (const { document, index, vector } of batch) {
        const i = places.get(document);
        const own = i === undefined ? [] : notes[i]!.passages;
        const passage =
          own[index]?.index === index ? own[index] : own.find((one) => one.index === index);
        if (i === undefined || passage === undefined || passage.row === i) continue;
        rows.set(passage.row, normalised(vector));
        found[i]!++;
      }
    }
  }
  return Uint8Array.from(notes, ({ passages }, i) =>
    found[i] === 1 + extraRows(passages) ? 1 : 0,
  );
}
