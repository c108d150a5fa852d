/** Cuts a text at matches, in the five ways of Hugging Face's `tokenizers`. */
const behaviors = [
  'Removed',
  'Isolated',
  'MergedWithPrevious',
  'MergedWithNext',
  'Contiguous',
] as const;

export type Behavior = (typeof behaviors)[number];

export function isBehavior(value: unknown): value is Behavior {
  return (behaviors as readonly unknown[]).includes(value);
}

/** Pieces of `text`, none empty. @param inverted Whether what is between matches counts as one. */
export function cutAt(
  text: string,
  pattern: RegExp,
  behavior: Behavior,
  inverted = false,
): string[] {
  const pieces = matchesOf(text, pattern).map(({ piece, isMatch }) => ({
    piece,
    isMatch: isMatch !== inverted,
  }));
  if (behavior === 'Removed') return pieces.filter((p) => !p.isMatch).map((p) => p.piece);
  const reversed = behavior === 'MergedWithNext';
  const cut: string[] = [];
  let before: boolean | null = null;
  for (const { piece, isMatch } of reversed ? pieces.reverse() : pieces) {
    const joins =
      behavior === 'Contiguous'
        ? isMatch === before
        : behavior !== 'Isolated' && isMatch && before === false;
    const last = joins ? cut.pop() : undefined;
    if (last === undefined) cut.push(piece);
    else cut.push(reversed ? piece + last : last + piece);
    before = isMatch;
  }
  return reversed ? cut.reverse() : cut;
}

function matchesOf(text: string, pattern: RegExp): { piece: string; isMatch: boolean }[] {
  const pieces: { piece: string; isMatch: boolean }[] = [];
  let at = 0;
  for (const { 0: match, index } of text.matchAll(pattern)) {
    if (match === '') continue;
    if (at < index) pieces.push({ piece: text.slice(at, index), isMatch: false });
    pieces.push({ piece: match, isMatch: true });
    at = index + match.length;
  }
  if (at < text.length) pieces.push({ piece: text.slice(at), isMatch: false });
  return pieces;
}
