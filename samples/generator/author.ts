/** How a writer writes: abbreviations, slips of the keyboard, headers. */
import type { Random } from '../../src/core/base/random.js';
import { chance } from './prose.js';

export interface Author {
  /** Share of abbreviable words that are abbreviated, 0 to 1. */
  readonly terse: number;
  /** Slips a word. */
  readonly slips: number;
  readonly headers: 'capitals' | 'colon' | 'inline' | 'none';
}

export function createAuthor(random: Random): Author {
  const kind = random.next();
  return {
    terse: kind < 0.3 ? 0 : kind < 0.7 ? 0.35 : 0.85,
    slips: chance(0.35, random) ? 0.006 : 0.0005,
    headers: random.pick(['capitals', 'colon', 'colon', 'inline', 'none'] as const),
  };
}

const abbreviations: readonly (readonly [RegExp, string])[] = [
  [/\bpatient\b/g, 'pt'],
  [/\bPatient\b/g, 'Pt'],
  [/\bhistory of\b/g, 'h/o'],
  [/\bcomplaining of\b/g, 'c/o'],
  [/\bdiscussed with\b/g, 'd/w'],
  [/\bDiscussed with\b/g, 'D/w'],
  [/\bshortness of breath\b/g, 'SOB'],
  [/\bblood pressure\b/g, 'BP'],
  [/\bheart rate\b/g, 'HR'],
  [/\bheart failure\b/g, 'HF'],
  [/\batrial fibrillation\b/g, 'AF'],
  [/\btype 2 diabetes\b/g, 'T2DM'],
  [/\bhypertension\b/g, 'HTN'],
  [/\burinary tract infection\b/g, 'UTI'],
  [/\bchest X-ray\b/g, 'CXR'],
  [/\bintravenous\b/g, 'IV'],
  [/\bfollow-up\b/g, 'f/u'],
  [/\breview in (\d+) weeks\b/g, 'r/v in $1/52'],
  [/\bfor (\d) days\b/g, '$1/7'],
  [/\bnormal\b/g, 'NAD'],
  [/\bno known drug allergies\b/gi, 'NKDA'],
  [/\bon examination\b/gi, 'O/E'],
  [/\btreatment\b/g, 'Rx'],
  [/\bdiagnosis\b/g, 'Dx'],
  [/\bfamily\b/g, 'fam'],
  [/\bmedications?\b/g, 'meds'],
  [/\bbecause\b/g, 'bc'],
  [/\breviewed\b/g, 'r/v'],
  [/\bappointment\b/g, 'appt'],
  [/\bincreased\b/g, 'inc'],
  [/\bminutes\b/g, 'mins'],
  [/\bhours\b/g, 'hrs'],
  [/\bphysiotherapy\b/g, 'physio'],
  [/\bobservations\b/g, 'obs'],
  [/\bObservations\b/g, 'Obs'],
];

/** Only words that a hurried writer shortens whatever stands around them. */
const odd = new Set(['NAD', 'bc', 'inc', 'fam', 'r/v']);

export function inHand(text: string, author: Author, random: Random): string {
  let written = text;
  for (const [pattern, short] of abbreviations) {
    const share = odd.has(short) ? author.terse * 0.15 : author.terse;
    written = written.replace(pattern, (whole: string, ...groups: unknown[]) =>
      random.next() < share
        ? short.replace('$1', typeof groups[0] === 'string' ? groups[0] : '')
        : whole,
    );
  }
  return written.replace(/\b[a-z]{5,}\b/g, (word) =>
    random.next() < author.slips ? slip(word, random) : word,
  );
}

/** Two letters swapped, one doubled, or one left out; never the first. */
function slip(word: string, random: Random): string {
  const at = 1 + random.integer(word.length - 2);
  const [before, here, next] = [word.slice(0, at), word.charAt(at), word.charAt(at + 1)];
  const after = word.slice(at + 1);
  return random.pick([
    before + next + here + after.slice(1),
    before + here + here + after,
    before + after,
  ]);
}

/** A section under the author's kind of header. */
export function section(header: string, body: string, author: Author): string {
  switch (author.headers) {
    case 'capitals':
      return `${header.toUpperCase()}\n${body}\n`;
    case 'colon':
      return `${header}:\n${body}\n`;
    case 'inline':
      return `${header}: ${body}`;
    case 'none':
      return body;
  }
}

export function assemble(parts: readonly string[], author: Author): string {
  const gap = author.headers === 'none' ? '\n\n' : '\n';
  return parts
    .filter((part) => part.trim() !== '')
    .join(gap)
    .trim();
}
