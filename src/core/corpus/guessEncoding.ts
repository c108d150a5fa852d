/** Guesses a legacy encoding from bytes that are not UTF-8. */
import iconv from 'iconv-lite';
import jschardet from 'jschardet';

/** Western encodings that the detector tells apart badly in short texts. */
const westernEncodings = ['windows-1252', 'cp850', 'macroman'] as const;
const westernNames =
  /^(windows-125[24]|iso-?8859-(1|9|15)|ascii|cp(437|850|858|863|860|865)|macroman|x-mac-roman)$/i;

/** With fewer bytes that are not ASCII, the detector hears rare languages in everything. */
const enoughForDetector = 100;
/** Mean plausibility of a text that is Western beyond doubt; see `plausibility`. */
const surelyWestern = 1;

/** @returns a name that iconv-lite knows, in lower case */
export function guessEncoding(bytes: Buffer): string {
  const beyondAscii = bytes.reduce((count, byte) => count + (byte < 0x80 ? 0 : 1), 0);
  const western = westernOf(bytes);
  if (beyondAscii < enoughForDetector && western.score >= surelyWestern * beyondAscii) {
    return western.name;
  }
  const name = (jschardet.detect(bytes).encoding ?? '').toLowerCase();
  const isKnown = name !== '' && iconv.encodingExists(name);
  return !isKnown || westernNames.test(name) ? western.name : name;
}

/** The Western encoding whose accents stand where letters do, and whose signs do not. */
function westernOf(bytes: Buffer): { name: string; score: number } {
  let best = { name: 'windows-1252', score: -Infinity };
  for (const name of westernEncodings) {
    const score = plausibility(iconv.decode(bytes, name));
    if (score > best.score) best = { name, score };
  }
  return best;
}

const usualLetters = new Set('éèêëàâäáãåæçñöôóòõøüùûúîïíìÉÈÀÂÄÅÆÇÑÖØÜßœšž');
const usualSigns = new Set('’‘“”–—…°²³µ±£€·•½¼§«»º×\u00a0');
const letter = /\p{L}/u;

/** At most 2 a character beyond ASCII; less than 0 for one that no Western text has there. */
function plausibility(text: string): number {
  let score = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text.charAt(i);
    if (character < '\u0080') continue;
    const before = text.charAt(i - 1);
    const after = text.charAt(i + 1);
    const within = letter.test(before) && letter.test(after);
    if (usualSigns.has(character)) score += within && character !== '’' ? -1 : 1;
    else if (!usualLetters.has(character)) score -= 2;
    else if (before >= '\u0080' && letter.test(before)) score -= 1;
    else if (character !== character.toLowerCase() && /\p{Ll}/u.test(before)) score -= 1;
    else if (letter.test(before) || letter.test(after)) score += 2;
  }
  return score;
}
