/** Random access to the bytes of a file, or of memory in tests. */
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { failure, fromSystemError } from './errors.js';
import type { UserError } from './errors.js';

export interface ByteSource {
  /** In bytes. */
  readonly size: number;
  /** Fills `bytes` from `position` on; throws if the source ends before. */
  readInto(bytes: Uint8Array, position: number): Promise<void>;
}

/** Opens `path` while `use` works on it; `what` names the file in a message ("The weight file"). */
export async function withFile<T>(
  path: string,
  what: string,
  use: (source: ByteSource) => Promise<T>,
): Promise<T> {
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch (error) {
    throw fromSystemError(error, `${what} ${path}`);
  }
  try {
    const { size } = await file.stat();
    const readInto = (bytes: Uint8Array, position: number): Promise<void> =>
      fill(file, bytes, position, `${what} ${path}`);
    return await use({ size, readInto });
  } finally {
    await file.close();
  }
}

/** @param what names the bytes in a message */
export function inMemory(bytes: Uint8Array, what: string): ByteSource {
  return {
    size: bytes.length,
    readInto(target, position) {
      if (position < 0 || position + target.length > bytes.length) throw shorter(what);
      target.set(bytes.subarray(position, position + target.length));
      return Promise.resolve();
    },
  };
}

function shorter(name: string): UserError {
  return failure(`${name} became shorter while it was read.`);
}

/** Reads `length` bytes, which must lie within the source. */
export async function readBytes(
  source: ByteSource,
  position: number,
  length: number,
): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  await source.readInto(bytes, position);
  return bytes;
}

/** Fills `bytes`; one call of the system reads at most 2 GiB. */
async function fill(
  file: FileHandle,
  bytes: Uint8Array,
  position: number,
  name: string,
): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const length = Math.min(bytes.length - done, 1 << 30);
    const { bytesRead } = await file.read(bytes, done, length, position + done);
    if (bytesRead === 0) throw shorter(name);
    done += bytesRead;
  }
}
