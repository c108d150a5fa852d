/**
 * Where the entries of a zip file lie (with sizes beyond 4 GiB in zip64's fields).
 * https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
import { readBytes } from './byteSource.js';
import type { ByteSource } from './byteSource.js';
import type { UserError } from './errors.js';

export interface ZipEntry {
  readonly name: string;
  /** Unpacked. */
  readonly bytes: number;
  /** As it is stored. */
  readonly packed: number;
  /** 0: stored as it is; 8: deflated. */
  readonly method: number;
  readonly isEncrypted: boolean;
  /** Of the local header, which lies before the data. */
  readonly headerAt: number;
}

type Broken = (what: string) => UserError;

const endBytes = 22;
const longestComment = 0xffff;
const longestDirectory = 64 << 20;
const signature = { end: 0x06054b50, end64: 0x06064b50, locator64: 0x07064b50, entry: 0x02014b50 };

export async function readZipDirectory(
  source: ByteSource,
  broken: Broken,
): Promise<readonly ZipEntry[]> {
  const { at, count, start, length } = await findDirectory(source, broken);
  if (length > longestDirectory || start + length > at) throw broken('its directory does not fit');
  const directory = await readBytes(source, start, length);
  const entries: ZipEntry[] = [];
  let position = 0;
  for (let i = 0; i < count; i++) {
    if (position + 46 > length || directory.readUInt32LE(position) !== signature.entry) {
      throw broken('its directory is damaged');
    }
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((field) =>
      directory.readUInt16LE(position + field),
    ) as [number, number, number];
    const next = position + 46 + nameBytes + extraBytes + commentBytes;
    if (next > length) throw broken('its directory is damaged');
    const record = directory.subarray(position, next);
    entries.push(readEntry(record, { nameBytes, extraBytes, start }, broken));
    position = next;
  }
  return entries;
}

/** Position of an entry's data; its local header may be longer than the directory says. */
export async function dataPosition(
  source: ByteSource,
  { headerAt, packed }: ZipEntry,
  broken: Broken,
): Promise<number> {
  if (headerAt + 30 > source.size) throw broken('an entry lies outside it');
  const header = await readBytes(source, headerAt, 30);
  if (header.readUInt32LE(0) !== 0x04034b50) throw broken('an entry has no header');
  const data = headerAt + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  if (data + packed > source.size) throw broken('it ends before the data of an entry');
  return data;
}

function readEntry(
  record: Buffer,
  at: { readonly nameBytes: number; readonly extraBytes: number; readonly start: number },
  broken: Broken,
): ZipEntry {
  const extra = record.subarray(46 + at.nameBytes, 46 + at.nameBytes + at.extraBytes);
  // Fields of 64 bits stand in the extra field, in this order, and only if the short one is full.
  const long = longFields(extra, broken);
  const field = (offset: number): number => {
    const short = record.readUInt32LE(offset);
    return short === 0xffffffff ? long() : short;
  };
  const bytes = field(24);
  const packed = field(20);
  const headerAt = field(42);
  if (headerAt + packed > at.start) throw broken('an entry lies outside it');
  return {
    name: record.toString('utf8', 46, 46 + at.nameBytes),
    ...{ bytes, packed, headerAt },
    method: record.readUInt16LE(10),
    isEncrypted: (record.readUInt16LE(8) & 1) === 1,
  };
}

function longFields(extra: Buffer, broken: Broken): () => number {
  let fields = extra.subarray(0, 0);
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    const length = extra.readUInt16LE(at + 2);
    if (extra.readUInt16LE(at) === 1) fields = extra.subarray(at + 4, at + 4 + length);
  }
  let at = 0;
  return () => {
    if (at + 8 > fields.length) throw broken('its directory lacks a size');
    at += 8;
    return exact(fields.readBigUInt64LE(at - 8), broken);
  };
}

interface Directory {
  /** Where it is described. */
  readonly at: number;
  readonly count: number;
  readonly start: number;
  readonly length: number;
}

async function findDirectory(source: ByteSource, broken: Broken): Promise<Directory> {
  const tailBytes = Math.min(source.size, endBytes + longestComment);
  const tail = await readBytes(source, source.size - tailBytes, tailBytes);
  const i = endIn(tail);
  if (i === null) throw broken('it ends without a directory');
  const at = source.size - tailBytes + i;
  const count = tail.readUInt16LE(i + 10);
  const length = tail.readUInt32LE(i + 12);
  const start = tail.readUInt32LE(i + 16);
  const isLong = count === 0xffff || length === 0xffffffff || start === 0xffffffff;
  return isLong ? findLongDirectory(source, at, broken) : { at, count, start, length };
}

/** Where the end record begins: the one whose comment ends the file, else, behind which bytes were added, the last. */
function endIn(tail: Buffer): number | null {
  let last: number | null = null;
  for (let i = tail.length - endBytes; i >= 0; i--) {
    if (tail.readUInt32LE(i) !== signature.end) continue;
    if (tail.readUInt16LE(i + 20) === tail.length - endBytes - i) return i;
    last ??= i;
  }
  return last;
}

async function findLongDirectory(
  source: ByteSource,
  end: number,
  broken: Broken,
): Promise<Directory> {
  if (end < 20) throw broken('its directory does not fit');
  const locator = await readBytes(source, end - 20, 20);
  const at = exact(locator.readBigUInt64LE(8), broken);
  if (locator.readUInt32LE(0) !== signature.locator64 || at + 56 > end - 20) {
    throw broken('its directory does not fit');
  }
  const record = await readBytes(source, at, 56);
  if (record.readUInt32LE(0) !== signature.end64) throw broken('its directory does not fit');
  const [count, length, start] = [32, 40, 48].map((field) =>
    exact(record.readBigUInt64LE(field), broken),
  ) as [number, number, number];
  return { at, count, start, length };
}

function exact(value: bigint, broken: Broken): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw broken('one of its sizes is beyond any file');
  return Number(value);
}
