/** Characters of the fonts Symbol and Wingdings that notes use: Greek letters, signs, ticks. */

const capitals = 'ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ';
const small = 'αβχδεφγηιϕκλμνοπθρστυϖωξψζ';

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
  const letter = capitals.charAt(code - 0x41) || small.charAt(code - 0x61);
  if (letter !== '') return letter;
  return signs[code] ?? (code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : '\ufffd');
}
