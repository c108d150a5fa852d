/**
 * Classes of characters for regular expressions, as Hugging Face's `tokenizers` has them: its
 * Unicode tables are older than JavaScript's, whose own classes would cut some texts elsewhere.
 */
import { characterRanges } from './characterRanges.js';

type CharacterClass = keyof typeof characterRanges;

/** To be put between `[` and `]` of an expression with the flag `u`. */
export function charactersOf(name: CharacterClass): string {
  return characterRanges[name]
    .split(' ')
    .map((range) =>
      range
        .split('-')
        .map((code) => `\\u{${code}}`)
        .join('-'),
    )
    .join('');
}

/** Unlike `\s`, has U+0085 and lacks U+FEFF, both of which occur in old exports. */
export const whiteSpace = '\\p{White_Space}';

/** Half of a surrogate pair, which is no character: Python and UTF-8 have none. */
const halfPair = /\p{Cs}/gu;

/** Halves of surrogate pairs become U+FFFD, as when a file is written in UTF-8. */
export function wellFormed(text: string): string {
  return text.replace(halfPair, '\ufffd');
}
