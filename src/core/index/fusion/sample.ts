/** A sample of an index's notes, by which the two sides of a search are weighed. */
import { hashText } from '../../base/hash.js';
import { rowsOf } from '../tables.js';
import type { DocumentRow, Tables } from '../tables.js';

/** Shares of the semantic side that are tried. */
export const shareGrid = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];
/** Of a corpus that does not tell. */
export const defaultShare = 0.5;
/** Notes that are compared with each other. */
const mostSampled = 1000;

const columns = ['key', 'fingerprint', 'text', 'category', 'label', 'group', 'vector'] as const;
export type SampledNote = Pick<DocumentRow, (typeof columns)[number]>;

/** In an order by chance that is the same in every index of these notes. */
export async function sampleNotes(tables: Tables): Promise<SampledNote[]> {
  const notes = await rowsOf(tables.documents(['key', 'id', 'passages']));
  const chosen = notes
    .filter(({ passages }) => passages > 0)
    .map(({ key, id }) => ({ key, order: hashText(id) }))
    .sort((a, b) => (a.order < b.order ? -1 : 1))
    .slice(0, mostSampled)
    .map(({ key }) => key);
  const rows = await rowsOf(tables.documents(columns, { key: chosen }));
  const place = new Map(chosen.map((key, i) => [key, i]));
  return rows.sort((a, b) => place.get(a.key)! - place.get(b.key)!);
}

/** Vectors less their mean, of length 1. */
export function centredRows(notes: readonly SampledNote[]): {
  readonly mean: Float64Array;
  readonly rows: readonly Float64Array[];
} {
  const dimension = notes[0]?.vector.length ?? 0;
  const mean = new Float64Array(dimension);
  for (const { vector } of notes) {
    for (let i = 0; i < dimension; i++) mean[i]! += vector[i]! / notes.length;
  }
  return { mean, rows: notes.map(({ vector }) => centred(vector, mean)) };
}

/** The direction of a vector of any length, less the mean, of length 1. */
export function centred(vector: ArrayLike<number>, mean: Float64Array): Float64Array {
  const length = lengthOf(vector);
  const rest = mean.map((value, i) => (length === 0 ? 0 : vector[i]! / length) - value);
  const left = lengthOf(rest);
  return left === 0 ? rest : rest.map((value) => value / left);
}

function lengthOf(vector: ArrayLike<number>): number {
  let square = 0;
  for (let i = 0; i < vector.length; i++) square += vector[i]! ** 2;
  return Math.sqrt(square);
}

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
