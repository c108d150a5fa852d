/**
 * Finds added tokens in a text as `tokenizers` does: first those that are looked for in the text as
 * it is, then the others in what normalizing makes of the rest.
 */
import { charactersOf, whiteSpace } from './characters.js';
import type { Normalize } from './normalizers.js';
import type { AddedToken } from './tokenizerJson.js';

/** An added token's id, or normalized text between added tokens. */
export type Section = number | string;

interface Finder {
  readonly pattern: RegExp;
  readonly tokens: ReadonlyMap<string, AddedToken>;
}

export interface SplitOptions {
  /** Whether special tokens in a text are text (`split_special_tokens`). */
  readonly splitSpecial: boolean;
}

/** Sections of a text, in its order, none of them empty. */
export function addedTokenSplitter(
  tokens: readonly AddedToken[],
  normalize: Normalize,
  { splitSpecial }: SplitOptions,
): (text: string) => Section[] {
  const asIs = createFinder(tokens.filter((token) => !token.normalized).map(withContent));
  const normalized = createFinder(
    tokens
      .filter((token) => token.normalized)
      .map((token) => [normalize(token.content), token] as const),
  );
  const cut = (text: string, finder: Finder | null): Section[] => {
    if (text === '') return [];
    return finder === null ? [text] : sections(text, finder, splitSpecial);
  };
  return (text) =>
    cut(text, asIs).flatMap((section) =>
      typeof section === 'number' ? section : cut(normalize(section), normalized),
    );
}

const withContent = (token: AddedToken) => [token.content, token] as const;

function createFinder(pairs: readonly (readonly [string, AddedToken])[]): Finder | null {
  // Of two with the same normalized form, `tokenizers` takes either by chance; here the first.
  const tokens = new Map([...pairs].reverse());
  tokens.delete('');
  if (tokens.size === 0) return null;
  // The first alternative that matches is taken: the longest.
  const contents = [...tokens.keys()].sort((a, b) => b.length - a.length);
  const escaped = contents.map((text) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'));
  return { pattern: new RegExp(escaped.join('|'), 'g'), tokens };
}

const wordCharacters = charactersOf('wordCharacters');
const endsWithWord = new RegExp(`[${wordCharacters}]$`, 'u');
const startsWithWord = new RegExp(`^[${wordCharacters}]`, 'u');
const spaceAtEnd = new RegExp(`${whiteSpace}*$`, 'u');
const spaceAtStart = new RegExp(`^${whiteSpace}*`, 'u');

function sections(text: string, finder: Finder, splitSpecial: boolean): Section[] {
  const found: Section[] = [];
  let done = 0;
  for (const match of text.matchAll(finder.pattern)) {
    const token = finder.tokens.get(match[0])!;
    let start = match.index;
    let end = start + match[0].length;
    if (token.special && splitSpecial) continue;
    if (token.single_word && touchesWord(text, start, end)) continue;
    if (token.lstrip) start = Math.max(lengthWithoutSpace(text.slice(done, start)) + done, done);
    if (token.rstrip) end += spaceAtStart.exec(text.slice(end))?.[0].length ?? 0;
    if (done < start) found.push(text.slice(done, start));
    found.push(token.id);
    done = end;
  }
  if (done < text.length) found.push(text.slice(done));
  return found;
}

function touchesWord(text: string, start: number, end: number): boolean {
  // Two code units hold any character.
  return (
    endsWithWord.test(text.slice(Math.max(0, start - 2), start)) ||
    startsWithWord.test(text.slice(end, end + 2))
  );
}

function lengthWithoutSpace(text: string): number {
  return text.search(spaceAtEnd);
}
