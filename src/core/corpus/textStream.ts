/** Streams a file's text, decompressed and decoded, so that files of any size can be read. */
import path from 'node:path';
import { Readable } from 'node:stream';
import iconv from 'iconv-lite';
import { sourceKinds } from '../../protocol/catalogue/sources.js';
import { usageError } from '../base/errors.js';
import { readBytes } from './bytes.js';
import { findEncoding } from './fileEncoding.js';
import type { FileEncoding } from './fileEncoding.js';
import { decodeUtf8OrWindows1252, decodeWindows1252 } from './textEncoding.js';
import { counted, createTextCounts } from './textRemarks.js';
import type { TextCounts } from './textRemarks.js';

/** A longer line means that the file is not a text of notes. */
const longestLineBytes = 1 << 28;

/**
 * Decoded text in pieces that never split a character; UTF-8 pieces end at a line break. NULs are
 * left out.
 *
 * @param encoding as found before; found here if absent
 * @param counts what is odd in the text is added to it
 */
export async function* readText(
  file: string,
  signal?: AbortSignal,
  encoding?: FileEncoding,
  counts: TextCounts = createTextCounts(),
): AsyncGenerator<string> {
  const known = encoding ?? (await findEncoding(file, undefined, signal));
  if (known.isBinary) throw notText(file);
  const decoded = known.name === 'utf-8' ? utf8Text : otherText;
  for await (const piece of decoded(file, known, counts, signal)) {
    if (piece !== '') yield counted(piece, counts);
  }
}

async function* utf8Text(
  file: string,
  { byteOrderMarkLength }: FileEncoding,
  counts: TextCounts,
  signal?: AbortSignal,
): AsyncGenerator<string> {
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  let toSkip = byteOrderMarkLength;
  for await (const bytes of readBytes(file, signal)) {
    const piece = bytes.subarray(toSkip);
    toSkip = Math.max(0, toSkip - bytes.length);
    waiting.push(piece);
    waitingBytes += piece.length;
    // Files with old line ends have no line feed at all.
    const breaks = piece.includes(0x0a) ? 0x0a : 0x0d;
    if (!piece.includes(breaks)) {
      if (waitingBytes > longestLineBytes) throw notText(file);
      continue;
    }
    const all = waiting.length === 1 ? piece : Buffer.concat(waiting);
    const end = all.lastIndexOf(breaks) + 1;
    yield decodeUtf8OrWindows1252(all.subarray(0, end), counts);
    waiting = end < all.length ? [all.subarray(end)] : [];
    waitingBytes = all.length - end;
  }
  if (waitingBytes > 0) yield decodeUtf8OrWindows1252(Buffer.concat(waiting), counts);
}

async function* otherText(
  file: string,
  { name, byteOrderMarkLength }: FileEncoding,
  _counts: TextCounts,
  signal?: AbortSignal,
): AsyncGenerator<string> {
  let toSkip = byteOrderMarkLength;
  const decoder = name === 'windows-1252' ? null : iconv.getDecoder(name, { stripBOM: false });
  for await (const bytes of readBytes(file, signal)) {
    const piece = bytes.subarray(toSkip);
    toSkip = Math.max(0, toSkip - bytes.length);
    yield decoder === null ? decodeWindows1252(piece) : decoder.write(piece);
  }
  yield decoder?.end() ?? '';
}

function notText(file: string): Error {
  return usageError(`${path.basename(file)} is not a text file: choose ${sourceKinds()}.`);
}

export interface Line {
  /** 1-based. */
  readonly number: number;
  /** Without its line break. */
  readonly text: string;
}

/** Wraps a text in memory as a stream of one piece. */
export async function* inOnePiece(text: string): AsyncGenerator<string> {
  yield* Readable.from([text]) as AsyncIterable<string>;
}

export async function* linesOf(text: AsyncIterable<string>): AsyncGenerator<Line> {
  let number = 0;
  let rest = '';
  for await (const piece of text) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    for (const text of lines) yield { number: ++number, text: withoutReturn(text) };
  }
  if (rest !== '') yield { number: ++number, text: withoutReturn(rest) };
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
