/**
 * Vectors of passages in plain files, one file for each process that wrote some, so that nobody waits
 * for anybody. A file is records of equal length: the hash of the passage's text (16 bytes), its number
 * of tokens (int32), its vector (float32). A record that was cut off at the end is not read.
 */
import { randomBytes } from 'node:crypto';
import { open, readdir } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { fromSystemError } from '../base/errors.js';
import { makeFolder } from '../base/files.js';
import type { PassageSource, PassageVector } from './knownPassages.js';

export interface PassageFiles extends PassageSource {
  readonly add: NonNullable<PassageSource['add']>;
  close(): Promise<void>;
}

const hashBytes = 16;
const headBytes = hashBytes + 4;
const ending = '.vectors';
/** Bytes read at once. */
const pieceBytes = 1 << 22;

interface Place {
  readonly file: FileHandle;
  readonly at: number;
}

/**
 * @param folder made when the first vector is kept
 * @param modelHash of the model, and of how it embeds documents; vectors of others are not read
 */
export function openPassageFiles(
  folder: string,
  modelHash: string,
  dimension: number,
): PassageFiles {
  const recordBytes = headBytes + 4 * dimension;
  const places = new Map<string, Place>();
  const files: FileHandle[] = [];
  let own: { readonly file: FileHandle; size: number } | null = null;

  async function scan(path: string): Promise<void> {
    const file = await open(path, 'r');
    files.push(file);
    const piece = Buffer.alloc(Math.max(1, Math.floor(pieceBytes / recordBytes)) * recordBytes);
    for (let start = 0; ; start += piece.length) {
      const { bytesRead } = await file.read(piece, 0, piece.length, start);
      for (let at = 0; at + recordBytes <= bytesRead; at += recordBytes) {
        places.set(piece.toString('hex', at, at + hashBytes), { file, at: start + at });
      }
      if (bytesRead < piece.length) return;
    }
  }

  async function readAt({ file, at }: Place): Promise<PassageVector> {
    const bytes = Buffer.alloc(recordBytes);
    await file.read(bytes, 0, recordBytes, at);
    const vector = new Float32Array(dimension);
    for (let i = 0; i < dimension; i++) vector[i] = bytes.readFloatLE(headBytes + 4 * i);
    return { vector, tokens: bytes.readInt32LE(hashBytes) };
  }

  let scanned: Promise<void> | null = null;
  /** On the first question, since an index that has not changed asks none. */
  async function scanAll(): Promise<void> {
    try {
      const names = await readdir(folder).catch(() => []);
      for (const name of names.sort()) {
        if (name.startsWith(`${modelHash}-`) && name.endsWith(ending))
          await scan(join(folder, name));
      }
    } catch (error) {
      throw fromSystemError(error, folder);
    }
  }

  return {
    async find(hashes) {
      await (scanned ??= scanAll());
      const found = new Map<string, PassageVector>();
      for (const hash of hashes) {
        const place = places.get(hash);
        if (place !== undefined) found.set(hash, await readAt(place));
      }
      return found;
    },
    async add(vectors) {
      try {
        if (own === null) {
          await makeFolder(folder, 0o700);
          const name = `${modelHash}-${randomBytes(6).toString('hex')}${ending}`;
          own = { file: await open(join(folder, name), 'wx+', 0o600), size: 0 };
          files.push(own.file);
        }
        const bytes = Buffer.alloc(vectors.size * recordBytes);
        let at = 0;
        for (const [hash, { vector, tokens }] of vectors) {
          bytes.write(hash, at, 'hex');
          bytes.writeInt32LE(tokens, at + hashBytes);
          vector.forEach((value, i) => bytes.writeFloatLE(value, at + headBytes + 4 * i));
          places.set(hash, { file: own.file, at: own.size + at });
          at += recordBytes;
        }
        await own.file.write(bytes, 0, bytes.length, own.size);
        own.size += bytes.length;
      } catch (error) {
        throw fromSystemError(error, folder);
      }
    },
    async close() {
      for (const file of files) await file.close();
    },
  };
}
