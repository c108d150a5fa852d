/**
 * How often the first half of a note is nearest to its own second half: a simple test of an embedding
 * space for notes without categories.
 */
import { nearestRows } from './neighbours.js';

/** Cuts at the white space nearest to the middle; `null` for a text without any there. */
export function halvesOf(text: string): readonly [string, string] | null {
  const trimmed = text.trim();
  const middle = Math.floor(trimmed.length / 2);
  for (let away = 0; away <= middle; away++) {
    for (const place of [middle - away, middle + away]) {
      if (!/\s/.test(trimmed.charAt(place))) continue;
      return [trimmed.slice(0, place).trim(), trimmed.slice(place).trim()];
    }
  }
  return null;
}

/**
 * @param firsts [notes, dimension]
 * @param seconds [notes, dimension], of the same notes in the same order
 * @returns the share of notes whose first half has its own second half as nearest by cosine; `null`
 * for fewer than two notes
 */
export function ownHalfAccuracy(
  firsts: Float32Array,
  seconds: Float32Array,
  dimension: number,
): number | null {
  const notes = firsts.length / dimension;
  if (notes < 2) return null;
  const nearest = nearestRows(firsts, seconds, dimension);
  return nearest.reduce((right, row, note) => right + (row === note ? 1 : 0), 0) / notes;
}
