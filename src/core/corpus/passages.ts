/** Cuts long notes into passages that fit a model: at headers if possible, never within a word. */
import { linesOf, sectionsOf, trimmed } from './sections.js';
import type { TextRange } from './sections.js';

export interface Passage extends TextRange {
  /** 0-based, in the order of the text. */
  readonly index: number;
}

export interface PassageOptions {
  /** Maximum number of tokens in a passage, excluding special tokens. */
  readonly maxTokens: number;
  readonly countTokens: (text: string) => number;
  /** A passage with fewer joins its neighbour, as far as they fit or can be cut anew; at most half of `maxTokens`. */
  readonly minTokens?: number;
}

/**
 * Covers all text that is not blank. Merges whole sections while they fit; cuts a section that is
 * too long for one passage at paragraphs, then sentences, then words.
 */
export function cutPassages(text: string, options: PassageOptions): Passage[] {
  const { maxTokens } = options;
  if (!(maxTokens >= 1)) throw new RangeError(`maxTokens must be at least 1, not ${maxTokens}`);
  if (text.trim() === '') return [];
  const pieces = cut(text, { start: 0, end: text.length }, 0, options);
  return withoutShort(text, pieces, options)
    .map(({ start, end }) => trimmed(text, start, end))
    .filter(({ start, end }) => end > start)
    .map((range, index) => ({ index, ...range }));
}

/**
 * One line says little, and would be nearest to much: what is left over of a section or a sentence goes
 * with what stands beside it.
 */
function withoutShort(
  text: string,
  pieces: readonly TextRange[],
  options: PassageOptions,
): readonly TextRange[] {
  const { maxTokens, minTokens = 0 } = options;
  const joined = [...pieces];
  const isShort = (range: TextRange): boolean => tokensIn(text, range, options) < minTokens;
  for (let i = 0; i < joined.length && joined.length > 1;) {
    if (!isShort(joined[i]!)) {
      i++;
      continue;
    }
    const first = i === 0 ? 0 : i - 1;
    const both = { start: joined[first]!.start, end: joined[first + 1]!.end };
    const tokens = tokensIn(text, both, options);
    if (tokens <= maxTokens) {
      joined.splice(first, 2, both);
      i = first;
      continue;
    }
    // Both are too much for one: two of a like size, if the text allows.
    const most = Math.min(maxTokens, Math.ceil(0.6 * tokens));
    const parts = cut(text, both, 0, { ...options, maxTokens: most });
    if (parts.length === 2 && !parts.some(isShort)) joined.splice(first, 2, ...parts);
    i++;
  }
  return joined;
}

type Cutter = (text: string, range: TextRange) => TextRange[];

/** From the best places to cut to the worst. */
const cutters: readonly Cutter[] = [
  (text, range) => within(range, sectionsOf(text.slice(range.start, range.end))),
  (text, range) => atMatches(text, range, /\n[^\S\n]*\n\s*/g),
  (text, range) => within(range, [...linesOf(text.slice(range.start, range.end))]),
  (text, range) => atMatches(text, range, /[.!?;]["')\]]?\s+/g),
  (text, range) => atMatches(text, range, /\s+/g),
  (text, range) => halves(text, range),
];

function cut(text: string, range: TextRange, level: number, options: PassageOptions): TextRange[] {
  const { maxTokens } = options;
  const cutter = cutters[level];
  if (cutter === undefined || tokensIn(text, range, options) <= maxTokens) return [range];
  const parts = cutter(text, range);
  const pieces: TextRange[] = [];
  for (let first = 0; first < parts.length;) {
    const next = fitting(text, parts, first, options);
    const start = parts[first] as TextRange;
    if (next > first) {
      pieces.push({ start: start.start, end: (parts[next - 1] as TextRange).end });
      first = next;
      continue;
    }
    // Too long on its own: cut at the next level. Halving repeats until it fits or is one
    // character.
    const isLast = level === cutters.length - 1;
    if (isLast && parts.length === 1) pieces.push(start);
    else pieces.push(...cut(text, start, isLast ? level : level + 1, options));
    first++;
  }
  return pieces;
}

/** Index after the last part that fits together with those from `first`; `first` if none does. */
function fitting(
  text: string,
  parts: readonly TextRange[],
  first: number,
  options: PassageOptions,
): number {
  let next = first;
  for (let sum = 0; next < parts.length; next++) {
    sum += tokensIn(text, parts[next] as TextRange, options);
    if (sum > options.maxTokens) break;
  }
  // Token counts of the parts need not add up to that of the whole.
  while (next > first + 1) {
    const { start } = parts[first] as TextRange;
    const { end } = parts[next - 1] as TextRange;
    if (tokensIn(text, { start, end }, options) <= options.maxTokens) break;
    next--;
  }
  return next;
}

function tokensIn(text: string, range: TextRange, { countTokens }: PassageOptions): number {
  const { start, end } = trimmed(text, range.start, range.end);
  return start === end ? 0 : countTokens(text.slice(start, end));
}

function within(outer: TextRange, parts: readonly TextRange[]): TextRange[] {
  return parts.map(({ start, end }) => ({ start: outer.start + start, end: outer.start + end }));
}

/** Cuts after each match. */
function atMatches(text: string, range: TextRange, pattern: RegExp): TextRange[] {
  const parts: TextRange[] = [];
  let start = range.start;
  for (const match of text.slice(range.start, range.end).matchAll(pattern)) {
    const end = range.start + match.index + match[0].length;
    if (end >= range.end) break;
    parts.push({ start, end });
    start = end;
  }
  parts.push({ start, end: range.end });
  return parts;
}

/** Two halves that do not split a surrogate pair; one piece if it cannot be halved. */
function halves(text: string, { start, end }: TextRange): TextRange[] {
  let middle = (start + end) >> 1;
  const code = text.charCodeAt(middle);
  if (code >= 0xdc00 && code <= 0xdfff) middle--;
  if (middle <= start) return [{ start, end }];
  return [
    { start, end: middle },
    { start: middle, end },
  ];
}
