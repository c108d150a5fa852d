/** Finds a file's encoding from the bytes that tell most: those that are not ASCII. */
import { isAscii, isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';
import { usageError } from '../base/errors.js';
import type { ReportProblem } from './corpus.js';
import { guessEncoding } from './guessEncoding.js';
import { readBytes } from './bytes.js';
import { remark } from './remark.js';
import { sniffEncoding } from './textEncoding.js';

export interface FileEncoding {
  /** In lower case; one that iconv-lite knows. UTF-8 lines that are invalid are Windows-1252. */
  readonly name: string;
  readonly byteOrderMarkLength: number;
  /** Whether only the text's plausibility speaks for it. */
  readonly isGuess: boolean;
  readonly isBinary: boolean;
}

/** So much is searched for a first byte that is not UTF-8. */
const mostSearched = 16 * 1024 * 1024;
/** Bytes of lines that are not UTF-8, enough for a guess. */
const enough = 32 * 1024;

/** Says that only the text's plausibility speaks for an encoding. */
export function reportGuess(encoding: FileEncoding, name: string, report: ReportProblem): void {
  if (!encoding.isGuess) return;
  report(
    `${name}:1`,
    remark`The encoding is a guess (${encoding.name}): see that accents are right, or name it with ${{ setting: 'encoding' }}.`,
    'kept',
  );
}

export async function findEncoding(
  file: string,
  given?: string,
  signal?: AbortSignal,
): Promise<FileEncoding> {
  const asked = given === undefined ? null : knownEncoding(given);
  let first = true;
  let searched = 0;
  let rest: Buffer = Buffer.alloc(0);
  let valid = 0;
  const invalid: Buffer[] = [];
  let collected = 0;
  for await (const piece of readBytes(file, signal)) {
    if (first) {
      const { encoding, byteOrderMarkLength } = sniffEncoding(piece);
      if (asked !== null) {
        const isMarked = byteOrderMarkLength > 0 && asked === encoding;
        return found(asked, isMarked ? byteOrderMarkLength : 0);
      }
      if (encoding === 'binary') return { ...found('binary', 0), isBinary: true };
      if (encoding !== 'utf-8' || byteOrderMarkLength > 0) {
        return found(encoding, byteOrderMarkLength);
      }
      first = false;
    }
    searched += piece.length;
    const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    const end = bytes.lastIndexOf(0x0a) + 1;
    const lines = bytes.subarray(0, end === 0 ? bytes.length : end);
    rest = end === 0 ? Buffer.alloc(0) : bytes.subarray(end);
    if (end === 0 || !isUtf8(lines)) {
      for (const line of linesIn(lines)) {
        if (isAscii(line)) continue;
        if (isUtf8(line)) valid++;
        else {
          invalid.push(line);
          collected += line.length;
        }
        if (collected >= enough) break;
      }
    }
    if (searched >= mostSearched || collected >= enough) break;
  }
  if (rest.length > 0 && collected < enough && !isUtf8(rest)) {
    invalid.push(rest);
  }
  // A piece without a line break may end within a character.
  if (invalid.length === 0 || valid >= invalid.length) return found('utf-8', 0);
  return { ...found(guessEncoding(Buffer.concat(invalid)), 0), isGuess: true };
}

function found(name: string, byteOrderMarkLength: number): FileEncoding {
  return { name, byteOrderMarkLength, isGuess: false, isBinary: false };
}

/** @returns a name that iconv-lite knows, in lower case; throws a usage error if there is none */
export function knownEncoding(given: string): string {
  const plain = given.trim().toLowerCase();
  const name = { utf8: 'utf-8', utf16le: 'utf-16le', utf16be: 'utf-16be' }[plain] ?? plain;
  if (!iconv.encodingExists(name)) {
    throw usageError(
      `There is no encoding "${given}": name one such as utf-8, windows-1252, iso-8859-2, cp850, macroman, shift_jis or gbk.`,
    );
  }
  return name;
}

function* linesIn(bytes: Buffer): Generator<Buffer> {
  for (let start = 0; start < bytes.length;) {
    const newline = bytes.indexOf(0x0a, start);
    const end = newline < 0 ? bytes.length : newline + 1;
    yield bytes.subarray(start, end);
    start = end;
  }
}
