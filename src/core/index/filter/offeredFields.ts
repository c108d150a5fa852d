/** The fields by which notes can be filtered, with their values, for people who choose rather than type. */
import { identifierReason } from '../../corpus/identifiers.js';
import type { FieldType, KeptField } from '../../../protocol/catalogue/reading.js';
import { fieldValue } from './noteFields.js';
import type { FieldedNote } from './noteFields.js';

export interface OfferedField {
  readonly name: string;
  readonly type: FieldType;
  /** Of a text: how many notes have each value, most frequent first. Empty for numbers and dates. */
  readonly values: readonly { readonly value: string; readonly count: number }[];
  /** Of numbers and dates: the least and the greatest; `null` for a text. */
  readonly range: { readonly first: string; readonly last: string } | null;
}

const roles: readonly KeptField[] = [
  { name: 'category', type: 'text' },
  { name: 'date', type: 'date' },
  { name: 'label', type: 'text' },
  { name: 'folder', type: 'text' },
];
/** Rarer values are typed on the command line. */
const mostValues = 200;
/** So many values may be of one note each, in a small corpus. */
const fewValues = 20;
/** Values that tell whether a column identifies people. */
const mostSampled = 1000;

/** Without fields that no note has a value of, and those that look as if they told people apart. */
export function offeredFields(
  { notes }: { readonly notes: readonly FieldedNote[] },
  kept: readonly KeptField[],
): OfferedField[] {
  const own = roles.filter(({ name }) => !kept.some((one) => one.name === name));
  return [...own, ...kept].flatMap((field) => offered(notes, field) ?? []);
}

function offered(notes: readonly FieldedNote[], { name, type }: KeptField): OfferedField | null {
  const held = notes.flatMap((note) => fieldValue(note, name) ?? []);
  const first = held[0];
  if (first === undefined) return null;
  const values = held.map(String);
  if (name !== 'category' && name !== 'label') {
    if (identifierReason(name, values.slice(0, mostSampled), type) !== null) return null;
  }
  if (type !== 'text') {
    const isLess = (a: string | number, b: string | number): boolean => a < b;
    const least = held.reduce((best, value) => (isLess(value, best) ? value : best), first);
    const most = held.reduce((best, value) => (isLess(best, value) ? value : best), first);
    return { name, type, values: [], range: { first: String(least), last: String(most) } };
  }
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  // Most notes have one of their own: it is no kind of note.
  if (counts.size > Math.max(fewValues, values.length / 2)) return null;
  const ordered = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return {
    ...{ name, type, range: null },
    values: ordered.slice(0, mostValues).map(([value, count]) => ({ value, count })),
  };
}
