/** Streams a file's bytes, decompressed, so that files of any size can be read. */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import {
  failure,
  fromSystemError,
  systemCode,
  throwIfAborted,
  usageError,
} from '../base/errors.js';

const pieceBytes = 1 << 18;
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

/** Refuses a compressed file of a kind that is read from any place in it. */
export async function refuseGzip(file: string): Promise<void> {
  if (!(await isGzip(file))) return;
  throw usageError(`${path.basename(file)} is compressed: unpack it with gunzip first.`);
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
