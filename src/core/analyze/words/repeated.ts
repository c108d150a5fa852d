/**
 * Passages that recur word for word: templates, and text that was copied forward from note to note. A passage is a run
 * of sentences or lines that always recur together.
 */
import { hashName } from '../../base/random.js';

export interface RepeatedPassage {
  /** Notes that hold it. */
  readonly documents: number;
  /** Groups (patients) that these notes belong to; `null` where no group is known. */
  readonly groups: number | null;
  readonly words: number;
  /** Where it is first found: a note's index, and UTF-16 offsets in its text. */
  readonly first: { readonly document: number; readonly start: number; readonly end: number };
}

export interface RepeatedOptions {
  /** Shorter sentences recur by chance. */
  readonly minWords: number;
  readonly minDocuments: number;
}

export const usualRepeated = { minWords: 8, minDocuments: 3 } as const satisfies RepeatedOptions;

export interface Repeated {
  /** Those in most notes first, then the longest. */
  readonly passages: readonly RepeatedPassage[];
  /** Share of all words that lie in one of them. */
  readonly share: number;
}

interface Unit {
  readonly words: number;
  readonly first: { readonly document: number; readonly start: number; readonly end: number };
  documents: number;
  last: number;
  readonly groups: Set<string>;
  /** Key of what always comes next, or before; `null` where that differs. */
  next: number | null;
  previous: number | null;
}

/** Between sentences, and between lines. */
const boundary = /(?<=[.!?;])\s+|\s*\n\s*/g;

/** @param groups of the texts; `null` where it is not known */
export function repeatedPassages(
  texts: readonly string[],
  groups: readonly (string | null)[],
  { minWords, minDocuments }: RepeatedOptions = usualRepeated,
): Repeated {
  const units = new Map<number, Unit>();
  let words = 0;
  texts.forEach((text, document) => {
    const ofGroup = groups[document] ?? null;
    let before: number | null = null;
    for (const { start, end } of sentencesOf(text)) {
      const normal = text.slice(start, end).toLowerCase().replace(/\s+/g, ' ');
      const size = normal.split(' ').length;
      words += size;
      if (size < minWords) {
        before = null;
        continue;
      }
      const key = keyOf(normal);
      const known = units.get(key);
      if (known === undefined) {
        const first = { document, start, end };
        units.set(key, {
          words: size,
          first,
          documents: 1,
          last: document,
          groups: new Set(ofGroup === null ? [] : [ofGroup]),
          next: null,
          previous: before,
        });
        if (before !== null) follow(units.get(before), key);
      } else {
        if (known.last !== document) known.documents++;
        known.last = document;
        if (ofGroup !== null) known.groups.add(ofGroup);
        if (known.previous !== before) known.previous = null;
        if (before !== null) follow(units.get(before), key);
      }
      before = key;
    }
  });
  return collect(units, groups, minDocuments, words);
}

/** What comes next in the first note is remembered; anything else in another means that nothing always does. */
function follow(unit: Unit | undefined, key: number): void {
  if (unit === undefined) return;
  if (unit.documents === 1 && unit.next === null) unit.next = key;
  else if (unit.next !== key) unit.next = null;
}

function collect(
  units: ReadonlyMap<number, Unit>,
  groups: readonly (string | null)[],
  minDocuments: number,
  words: number,
): Repeated {
  const passages: RepeatedPassage[] = [];
  let repeated = 0;
  const hasGroups = groups.some((group) => group !== null);
  const belongs = (a: Unit, key: number | null): Unit | null => {
    const other = key === null ? undefined : units.get(key);
    return other !== undefined && other.documents === a.documents ? other : null;
  };
  for (const [key, unit] of units) {
    if (unit.documents < minDocuments) continue;
    repeated += unit.words * unit.documents;
    const before = belongs(unit, unit.previous);
    // A part of a longer run, which is told once.
    if (before?.next === key) continue;
    let [last, lastKey, size] = [unit, key, unit.words];
    while (last.next !== null && last.next !== key) {
      const after = belongs(last, last.next);
      if (after?.previous !== lastKey || after.first.document !== unit.first.document) break;
      size += after.words;
      [last, lastKey] = [after, last.next];
    }
    passages.push({
      documents: unit.documents,
      groups: hasGroups ? unit.groups.size : null,
      words: size,
      first: { ...unit.first, end: last.first.end },
    });
  }
  passages.sort(
    (a, b) => b.documents - a.documents || b.words - a.words || a.first.document - b.first.document,
  );
  return { passages, share: words === 0 ? 0 : Math.min(1, repeated / words) };
}

function* sentencesOf(text: string): Generator<{ readonly start: number; readonly end: number }> {
  let start = text.length - text.trimStart().length;
  const whole = text.trimEnd().length;
  for (const match of text.matchAll(boundary)) {
    if (match.index < start) continue;
    if (match.index > start) yield { start, end: Math.min(whole, match.index) };
    start = match.index + match[0].length;
    if (start >= whole) return;
  }
  if (start < whole) yield { start, end: whole };
}

/** 53 bits of two hashes that start differently. */
function keyOf(text: string): number {
  return (hashName(`${text}\u0001`) & 0x1fffff) * 0x1_0000_0000 + hashName(`\u0002${text}`);
}
