/** Characters of the fonts Symbol and Wingdings that notes use: Greek letters, signs, ticks. */

const greek = new Map<number, string>();
[...'ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ'].forEach((letter, i) => greek.set(0x41 + i, letter));
[...'αβχδεφγηιϕκλμνοπθρστυϖωξψζ'].forEach((letter, i) => greek.set(0x61 + i, letter));

/** By codes of Symbol, and those of Wingdings that Symbol has no letter for. */
const signs: Readonly<Record<number, string>> = {
  0xa3: '≤',
  0xa7: '•',
  0xa8: '☐',
  0xab: '↔',
  0xac: '←',
  0xad: '↑',
  0xae: '→',
  0xaf: '↓',
  0xb0: '°',
  0xb1: '±',
  0xb3: '≥',
  0xb4: '×',
  0xb7: '•',
  0xb8: '÷',
  0xb9: '≠',
  0xbb: '≈',
  0xd8: '•',
  0xfc: '✓',
  0xfb: '✗',
  0xfe: '☒',
};

/** @param code of a byte in such a font */
export function symbolText(code: number): string {
  return (
    greek.get(code) ??
    signs[code] ??
    (code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : '�')
  );
}
