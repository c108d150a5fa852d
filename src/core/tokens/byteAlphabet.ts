/** The visible character that stands for each byte in a byte-level vocabulary (GPT-2, RoBERTa). */
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

/** UTF-8 bytes of `text`, each as its visible character. */
export function toByteSymbols(text: string): string {
  let symbols = '';
  for (const byte of encoder.encode(text)) symbols += byteSymbols[byte] as string;
  return symbols;
}

/**
 * GPT-2's way of cutting text into words. `\p{White_Space}`, not `\s`: JavaScript and the reference
 * implementation differ in U+0085 and U+FEFF, which old exports do hold.
 */
export const byteLevelWords =
  /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu;
