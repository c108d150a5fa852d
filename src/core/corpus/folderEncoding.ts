/** The encoding of a folder's texts: UTF-8 or what a mark says, else one that is guessed for all. */
import { isAscii, isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import iconv from 'iconv-lite';
import type { ReportProblem } from './corpus.js';
import { knownEncoding } from './fileEncoding.js';
import { guessEncoding } from './guessEncoding.js';
import { isNoteName } from './noteNames.js';
import { remark } from './remark.js';
import {
  decodeText,
  decodeUtf8OrWindows1252,
  decodeWindows1252,
  sniffEncoding,
} from './textEncoding.js';
import { counted, createTextCounts, reportText } from './textRemarks.js';

export interface FolderEncoding {
  /** Of the texts that are neither UTF-8 nor marked; what was given, if it was. */
  readonly name: string;
  /** Without a byte-order mark and NULs; `null` if it is no text. */
  decode(file: string, bytes: Buffer): string | null;
  /** As a browser does: what the page itself names comes before a guess. */
  decodeHtml(file: string, bytes: Buffer): string;
  /** Says what was guessed, and what is odd in the texts that were decoded. */
  report(name: string, report: ReportProblem): void;
}

/** Texts that are read to guess, evenly from the whole folder. */
const sampleFiles = 64;

/** @param given by the user, for all texts without a mark */
export async function findFolderEncoding(
  root: string,
  notes: readonly string[],
  given: string | undefined,
): Promise<FolderEncoding> {
  const asked = given === undefined ? null : knownEncoding(given);
  const guess = asked === null ? await guessFor(root, notes) : null;
  const name = asked ?? guess ?? 'utf-8';
  const counts = createTextCounts();
  let guessed = 0;
  let first: string | null = null;

  function decodeAs(encoding: string, bytes: Buffer): string {
    return encoding === 'windows-1252' ? decodeWindows1252(bytes) : iconv.decode(bytes, encoding);
  }

  function decode(file: string, bytes: Buffer): string | null {
    const { encoding, byteOrderMarkLength } = sniffEncoding(bytes);
    if (encoding === 'binary') return null;
    const isMarked = byteOrderMarkLength > 0 || encoding !== 'utf-8';
    if (!isMarked && asked !== null) return counted(decodeAs(asked, bytes), counts);
    if (isMarked || isUtf8(bytes)) {
      const text = decodeText(bytes);
      return text === null ? null : counted(text, counts);
    }
    const { valid, invalid } = linesBeyondAscii(bytes);
    // A text that was put together from two: only the lines in another encoding are read otherwise.
    if (valid >= invalid.length) return counted(decodeUtf8OrWindows1252(bytes, counts), counts);
    guessed++;
    first ??= file;
    return counted(decodeAs(guess ?? guessEncoding(bytes), bytes), counts);
  }

  return {
    name,
    decode,
    decodeHtml(file, bytes) {
      const named = /<meta[^>]+charset\s*=\s*["']?([\w-]+)/i.exec(
        bytes.subarray(0, 4096).toString('latin1'),
      )?.[1];
      const isNamed = named !== undefined && iconv.encodingExists(named);
      if (asked === null && isNamed && !isUtf8(bytes)) return decodeAs(browserName(named), bytes);
      return decode(file, bytes) ?? bytes.toString('latin1');
    },
    report(folder, report) {
      if (guessed > 0 && first !== null) {
        const files = guessed === 1 ? '1 file is' : `${guessed.toLocaleString('en')} files are`;
        report(
          `${first}:1`,
          remark`${files} not UTF-8; the encoding is a guess (${guess ?? 'for each'}): see that accents are right, or name it with ${{ setting: 'encoding' }}.`,
          'kept',
        );
      }
      reportText(counts, folder, report);
    },
  };
}

/** Browsers read these as the superset that is meant. */
function browserName(name: string): string {
  return /^(iso-?8859-1|latin1|us-ascii)$/i.test(name) ? 'windows-1252' : name.toLowerCase();
}

async function guessFor(root: string, notes: readonly string[]): Promise<string | null> {
  const texts = notes.filter(isNoteName);
  const step = Math.max(1, Math.floor(texts.length / sampleFiles));
  const invalid: Buffer[] = [];
  for (let i = 0; i < texts.length; i += step) {
    const bytes = await readFile(path.join(root, texts[i] as string)).catch(() => null);
    if (bytes === null || bytes.length > 1 << 20 || isUtf8(bytes)) continue;
    const { encoding, byteOrderMarkLength } = sniffEncoding(bytes);
    if (encoding === 'utf-8' && byteOrderMarkLength === 0) {
      invalid.push(...linesBeyondAscii(bytes).invalid);
    }
  }
  return invalid.length === 0 ? null : guessEncoding(Buffer.concat(invalid));
}

/** Lines that are not ASCII: how many are UTF-8, and those that are not. */
function linesBeyondAscii(bytes: Buffer): { valid: number; invalid: Buffer[] } {
  let valid = 0;
  const invalid: Buffer[] = [];
  for (let start = 0; start < bytes.length;) {
    const newline = bytes.indexOf(0x0a, start);
    const end = newline < 0 ? bytes.length : newline + 1;
    const line = bytes.subarray(start, end);
    if (!isUtf8(line)) invalid.push(line);
    else if (!isAscii(line)) valid++;
    start = end;
  }
  return { valid, invalid };
}
