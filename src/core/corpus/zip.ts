/**
 * Streams the files within a zip file. Sizes come from the directory at its end (APPNOTE 6.3.10,
 * sections 4.3 and 4.5.3), zip64 included.
 */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream';
import { createInflateRaw } from 'node:zlib';
import { failure, fromSystemError, throwIfAborted } from '../base/errors.js';

export interface ZipFile {
  /** Names with forward slashes. */
  readonly names: readonly string[];
  /** Bytes of a file within, decompressed; none if there is no such file. */
  read(name: string, signal?: AbortSignal): AsyncGenerator<Buffer>;
}

interface Entry {
  readonly method: number;
  readonly isEncrypted: boolean;
  readonly size: number;
  readonly header: number;
}

export async function openZip(file: string): Promise<ZipFile> {
  const entries = await readDirectory(file);
  return {
    names: [...entries.keys()],
    async *read(name, signal) {
      const entry = entries.get(name);
      if (entry !== undefined) yield* readEntry(file, entry, signal);
    },
  };
}

async function readDirectory(file: string): Promise<Map<string, Entry>> {
  const handle = await open(file).catch((error: unknown) => {
    throw fromSystemError(error, file);
  });
  try {
    const { start, size } = await findDirectory(handle, file);
    const directory = await bytesAt(handle, start, size);
    if (directory.length < size) throw damaged(file);
    return entriesIn(directory, file);
  } finally {
    await handle.close();
  }
}

const endLength = 22;
const longestComment = 65_535;

async function findDirectory(
  handle: FileHandle,
  file: string,
): Promise<{ start: number; size: number }> {
  const { size } = await handle.stat();
  const from = Math.max(0, size - endLength - longestComment);
  const tail = await bytesAt(handle, from, size - from);
  const at = tail.lastIndexOf(Buffer.from('PK\u0005\u0006', 'latin1'));
  if (at < 0 || at + endLength > tail.length) throw damaged(file);
  const locator = at - 20;
  if (locator >= 0 && tail.readUInt32LE(locator) === 0x07064b50) {
    const record = await bytesAt(handle, Number(tail.readBigUInt64LE(locator + 8)), 56);
    if (record.length < 56 || record.readUInt32LE(0) !== 0x06064b50) throw damaged(file);
    return {
      size: Number(record.readBigUInt64LE(40)),
      start: Number(record.readBigUInt64LE(48)),
    };
  }
  return { size: tail.readUInt32LE(at + 12), start: tail.readUInt32LE(at + 16) };
}

function entriesIn(directory: Buffer, file: string): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  for (let at = 0; at + 46 <= directory.length;) {
    if (directory.readUInt32LE(at) !== 0x02014b50) throw damaged(file);
    const nameLength = directory.readUInt16LE(at + 28);
    const extraLength = directory.readUInt16LE(at + 30);
    const name = directory.toString('utf8', at + 46, at + 46 + nameLength).replaceAll('\\', '/');
    const extra = directory.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength);
    const wide = wideSizes(extra, [
      directory.readUInt32LE(at + 24),
      directory.readUInt32LE(at + 20),
      directory.readUInt32LE(at + 42),
    ]);
    entries.set(name, {
      method: directory.readUInt16LE(at + 10),
      isEncrypted: (directory.readUInt16LE(at + 8) & 1) === 1,
      size: wide[1] ?? 0,
      header: wide[2] ?? 0,
    });
    at += 46 + nameLength + extraLength + directory.readUInt16LE(at + 32);
  }
  return entries;
}

/** The sizes and the offset, from the extra field where 32 bits are too few. */
function wideSizes(extra: Buffer, narrow: readonly number[]): number[] {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    let next = at + 4;
    return narrow.map((value) => {
      if (value !== 0xffffffff || next + 8 > extra.length) return value;
      next += 8;
      return Number(extra.readBigUInt64LE(next - 8));
    });
  }
  return [...narrow];
}

async function* readEntry(
  file: string,
  entry: Entry,
  signal?: AbortSignal,
): AsyncGenerator<Buffer> {
  if (entry.isEncrypted || (entry.method !== 0 && entry.method !== 8)) {
    throw failure(
      `${path.basename(file)} is encrypted or packed in a way that cannot be read: save it again without a password.`,
    );
  }
  if (entry.size === 0) return;
  const start = await dataStart(file, entry);
  const source = createReadStream(file, { start, end: start + entry.size - 1 });
  const inflate = entry.method === 8 ? createInflateRaw() : null;
  if (inflate !== null) pipeline(source, inflate, () => undefined);
  try {
    for await (const piece of inflate ?? source) {
      throwIfAborted(signal);
      yield piece as Buffer;
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    throw code.startsWith('Z_') ? damaged(file, error) : error;
  } finally {
    source.destroy();
    inflate?.destroy();
  }
}

/** The local header's name and extra field may be longer than those in the directory. */
async function dataStart(file: string, { header }: Entry): Promise<number> {
  const handle = await open(file);
  try {
    const local = await bytesAt(handle, header, 30);
    if (local.length < 30 || local.readUInt32LE(0) !== 0x04034b50) throw damaged(file);
    return header + 30 + local.readUInt16LE(26) + local.readUInt16LE(28);
  } finally {
    await handle.close();
  }
}

async function bytesAt(handle: FileHandle, start: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, start);
  return buffer.subarray(0, bytesRead);
}

function damaged(file: string, cause?: unknown): Error {
  return failure(`${path.basename(file)} is damaged or cut off: copy it again from its source.`, {
    cause,
  });
}
