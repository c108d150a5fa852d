/** Streams a file's text, decompressed and decoded, so that files of any size can be read. */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { sourceKinds } from '../../protocol/catalogue/sources.js';
import {
  failure,
  fromSystemError,
  systemCode,
  throwIfAborted,
  usageError,
} from '../base/errors.js';
import { decodeUtf8OrWindows1252, sniffEncoding, swapped } from './textEncoding.js';

const pieceBytes = 1 << 18;
/** A longer line means that the file is not a text of notes. */
const longestLineBytes = 1 << 28;

/** Bytes of a file; gzip is detected by its first bytes, not by name. */
export async function* readBytes(file: string, signal?: AbortSignal): AsyncGenerator<Buffer> {
  const zipped = await isGzip(file);
  const source = createReadStream(file, { highWaterMark: pieceBytes });
  const gunzip = zipped ? createGunzip({ chunkSize: pieceBytes }) : null;
  // An error at either end destroys the other and surfaces in the loop below.
  if (gunzip !== null) pipeline(source, gunzip, () => undefined);
  try {
    for await (const piece of gunzip ?? source) {
      throwIfAborted(signal);
      yield piece as Buffer;
    }
  } catch (error) {
    throw explained(error, file);
  } finally {
    source.destroy();
    gunzip?.destroy();
  }
}

async function isGzip(file: string): Promise<boolean> {
  try {
    const handle = await open(file);
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
      return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw fromSystemError(error, file);
  }
}

function explained(error: unknown, file: string): unknown {
  const code = systemCode(error) ?? '';
  if (code.startsWith('Z_')) {
    return failure(
      `${path.basename(file)} is a damaged or cut-off gzip file: copy it again from its source.`,
      { cause: error },
    );
  }
  return code.startsWith('E') && (error as NodeJS.ErrnoException).syscall !== undefined
    ? fromSystemError(error, file)
    : error;
}

/** Decoded text in pieces that never split a character; UTF-8 pieces end at a line break. */
export async function* readText(file: string, signal?: AbortSignal): AsyncGenerator<string> {
  const bytes = readBytes(file, signal);
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  let encoding: 'utf-8' | 'utf-16le' | 'utf-16be' | null = null;
  for await (let piece of bytes) {
    if (encoding === null) {
      const sniffed = sniffEncoding(piece);
      if (sniffed.encoding === 'binary') throw notText(file);
      encoding = sniffed.encoding;
      piece = piece.subarray(sniffed.byteOrderMarkLength);
    }
    waiting.push(piece);
    waitingBytes += piece.length;
    if (encoding === 'utf-8' && !piece.includes(0x0a)) {
      if (waitingBytes > longestLineBytes) throw notText(file);
      continue;
    }
    const all = waiting.length === 1 ? piece : Buffer.concat(waiting);
    const end = encoding === 'utf-8' ? all.lastIndexOf(0x0a) + 1 : wholePairs(all, encoding);
    yield decode(all.subarray(0, end), encoding);
    waiting = end < all.length ? [all.subarray(end)] : [];
    waitingBytes = all.length - end;
  }
  if (waitingBytes > 0) yield decode(Buffer.concat(waiting), encoding ?? 'utf-8');
}

function decode(bytes: Buffer, encoding: 'utf-8' | 'utf-16le' | 'utf-16be'): string {
  if (encoding === 'utf-8') return decodeUtf8OrWindows1252(bytes);
  return (encoding === 'utf-16le' ? bytes : swapped(bytes)).toString('utf16le');
}

/** Length of the bytes excluding a trailing half code unit or lone high surrogate. */
function wholePairs(bytes: Buffer, encoding: 'utf-16le' | 'utf-16be'): number {
  const end = bytes.length - (bytes.length % 2);
  if (end < 2) return end;
  const high = bytes[encoding === 'utf-16le' ? end - 1 : end - 2] as number;
  return high >= 0xd8 && high <= 0xdb ? end - 2 : end;
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
