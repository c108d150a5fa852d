/** Keeps what a job has computed, part by part, so that one that was cut short goes on from there. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAbsent } from '../../core/base/errors.js';
import { makeFolder, writeFileAtomic } from '../../core/base/files.js';
import { hashText } from '../../core/base/hash.js';

/**
 * Values of plain data and typed arrays; numbers that are not finite are kept in typed arrays alone.
 *
 * @param folder `null`: nothing is kept
 * @param key identifies everything that the value depends on
 */
export async function keptPart<T>(
  folder: string | null,
  key: string,
  compute: () => Promise<T>,
): Promise<T> {
  if (folder === null) return compute();
  const path = join(folder, `${hashText(key)}.json`);
  const known = await readPart<T>(path, key);
  if (known !== null) return known;
  const value = await compute();
  await makeFolder(folder);
  await writeFileAtomic(path, JSON.stringify({ key, value }, packed));
  return value;
}

const arrays = { Uint8Array, Int32Array, Float64Array } as const;
type ArrayName = keyof typeof arrays;

interface Kept<T> {
  readonly key: string;
  readonly value: T;
}

interface Packed {
  readonly array: ArrayName;
  readonly base64: string;
}

function packed(_: string, value: unknown): unknown {
  for (const array of Object.keys(arrays) as ArrayName[]) {
    if (!(value instanceof arrays[array])) continue;
    const { buffer, byteOffset, byteLength } = value;
    return { array, base64: Buffer.from(buffer, byteOffset, byteLength).toString('base64') };
  }
  return value;
}

function unpacked(_: string, value: unknown): unknown {
  if (!isPacked(value)) return value;
  const bytes = Uint8Array.from(Buffer.from(value.base64, 'base64'));
  return new arrays[value.array](bytes.buffer);
}

function isPacked(value: unknown): value is Packed {
  if (typeof value !== 'object' || value === null) return false;
  const { array, base64 } = value as Partial<Packed>;
  return array !== undefined && array in arrays && typeof base64 === 'string';
}

/** `null` if it is not there, or was written for something else. */
async function readPart<T>(path: string, key: string): Promise<T | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
  try {
    const { key: found, value } = JSON.parse(text, unpacked) as Partial<Kept<T>>;
    // Earlier versions kept a part without its `value`.
    return found === key && value !== undefined ? value : null;
  } catch {
    return null;
  }
}
