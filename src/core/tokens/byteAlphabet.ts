/** Maps each byte to a visible character, for byte-level vocabularies (GPT-2, RoBERTa). */
import { charactersOf, whiteSpace } from './characters.js';

const printable: readonly (readonly [number, number])[] = [
  [0x21, 0x7e],
  [0xa1, 0xac],
  [0xae, 0xff],
];

/** Character of each byte, [256]. */
export const byteSymbols: readonly string[] = makeSymbols();

function makeSymbols(): string[] {
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => {
    const isPrintable = printable.some(([first, last]) => byte >= first && byte <= last);
    return String.fromCharCode(isPrintable ? byte : next++);
  });
}

const encoder = new TextEncoder();

/** The UTF-8 bytes of `text` as visible characters. */
export function toByteSymbols(text: string): string {
  let symbols = '';
  for (const byte of encoder.encode(text)) symbols += byteSymbols[byte] as string;
  return symbols;
}

/**
 * GPT-2's word pattern. `\s` is written as `\p{White_Space}`: JavaScript and the reference
 * implementation differ on U+0085 and U+FEFF, which occur in old exports.
 */
const letters = charactersOf('letters');
const numbers = charactersOf('numbers');
export const byteLevelWords = new RegExp(
  `'s|'t|'re|'ve|'m|'ll|'d| ?[${letters}]+| ?[${numbers}]+| ?[^${whiteSpace}${letters}${numbers}]+|${whiteSpace}+(?!\\P{White_Space})|${whiteSpace}+`,
  'gu',
);
