/** Files within a zip file, unpacked while they are read: of a file on disk, or of one in memory. */
import { createReadStream } from 'node:fs';
import path from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { createInflateRaw } from 'node:zlib';
import { inMemory, withFile } from '../base/byteSource.js';
import type { ByteSource } from '../base/byteSource.js';
import { failure, systemCode, throwIfAborted, usageError } from '../base/errors.js';
import type { UserError } from '../base/errors.js';
import { dataPosition, readZipDirectory } from '../base/zipDirectory.js';
import type { ZipEntry } from '../base/zipDirectory.js';

export interface ZipFile {
  /** Names with forward slashes. */
  readonly names: readonly string[];
  /** Bytes of a file within, decompressed; none if there is no such file. */
  read(name: string, signal?: AbortSignal): AsyncGenerator<Buffer>;
}

export async function openZip(file: string): Promise<ZipFile> {
  return zipFile({
    with: (use) => withFile(file, 'The file', use),
    stream: (start, length) => createReadStream(file, { start, end: start + length - 1 }),
    fault: (sentence) => failure(`${path.basename(file)} ${sentence}`),
  });
}

/** Throws usage errors that end the sentence "NAME …". */
export async function openZipBytes(bytes: Buffer): Promise<ZipFile> {
  return zipFile({
    with: (use) => use(inMemory(bytes, 'The file')),
    stream: (start, length) => Readable.from([bytes.subarray(start, start + length)]),
    fault: usageError,
  });
}

interface ZipBytes {
  with<Result>(use: (source: ByteSource) => Promise<Result>): Promise<Result>;
  stream(start: number, length: number): Readable;
  /** @param sentence without its subject */
  fault(sentence: string): UserError;
}

async function zipFile(zip: ZipBytes): Promise<ZipFile> {
  const damaged = (): UserError =>
    zip.fault('is damaged or cut off: copy it again from its source.');
  const directory = await zip.with((source) => readZipDirectory(source, damaged));
  const entries = new Map(directory.map((entry) => [entry.name.replaceAll('\\', '/'), entry]));

  async function* read(entry: ZipEntry, signal?: AbortSignal): AsyncGenerator<Buffer> {
    const { method, packed, isEncrypted } = entry;
    if (isEncrypted || (method !== 0 && method !== 8)) {
      throw zip.fault(
        'is encrypted or packed in a way that cannot be read: save it again without a password.',
      );
    }
    if (packed === 0) return;
    const start = await zip.with((source) => dataPosition(source, entry, damaged));
    const stored = zip.stream(start, packed);
    const inflate = method === 8 ? createInflateRaw() : null;
    if (inflate !== null) pipeline(stored, inflate, () => undefined);
    try {
      for await (const piece of inflate ?? stored) {
        throwIfAborted(signal);
        yield piece as Buffer;
      }
    } catch (error) {
      throw systemCode(error)?.startsWith('Z_') === true ? damaged() : error;
    } finally {
      stored.destroy();
      inflate?.destroy();
    }
  }

  return {
    names: [...entries.keys()],
    async *read(name, signal) {
      const entry = entries.get(name);
      if (entry !== undefined) yield* read(entry, signal);
    },
  };
}
