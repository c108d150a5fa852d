/**
 * Stores the projection of a store's documents beside them: keys and coordinates.
 *
 *     projection.bin   a line of JSON (format, hashes, keys), then x and y, float32 [documents] each
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fromSystemError, systemCode } from '../base/errors.js';
import { writeFileAtomic } from '../base/files.js';
import type { Store } from '../index/store.js';
import type { Projection } from './projection.js';

export interface StoredProjection extends Projection {
  /** Keys of the documents, in the order of x and y. */
  readonly keys: readonly string[];
  /**
   * Whether it matches the store's current documents and vectors; if not, it should be recomputed.
   */
  readonly current: boolean;
}

const fileName = 'projection.bin';

interface Header {
  readonly format: 1;
  readonly modelHash: string;
  readonly contentHash: string;
  readonly keys: readonly string[];
}

/** @param keys of the documents whose vectors were projected, in that order */
export async function writeProjection(
  store: Store,
  keys: readonly string[],
  { x, y }: Projection,
): Promise<void> {
  const { modelHash, contentHash } = store.manifest;
  const header: Header = { format: 1, modelHash, contentHash, keys };
  const bytes = Buffer.concat([
    Buffer.from(`${JSON.stringify(header)}\n`, 'utf8'),
    Buffer.from(x.buffer, x.byteOffset, x.byteLength),
    Buffer.from(y.buffer, y.byteOffset, y.byteLength),
  ]);
  try {
    await writeFileAtomic(join(store.folder, fileName), bytes);
  } catch (error) {
    throw fromSystemError(error, `The index ${store.folder}`);
  }
}

/** `null` if there is none, or none that can be read. */
export async function readProjection(store: Store): Promise<StoredProjection | null> {
  let bytes: Buffer;
  try {
    bytes = await readFile(join(store.folder, fileName));
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw fromSystemError(error, `The index ${store.folder}`);
  }
  const end = bytes.indexOf('\n');
  const header = parseHeader(bytes.subarray(0, Math.max(0, end)).toString('utf8'));
  const n = header?.keys.length ?? 0;
  if (header === null || bytes.length !== end + 1 + 8 * n) return null;
  // A copy, because a Float32Array must start at a multiple of four.
  const values = new Float32Array(Uint8Array.from(bytes.subarray(end + 1)).buffer);
  const { modelHash, contentHash } = store.manifest;
  return {
    keys: header.keys,
    x: values.slice(0, n),
    y: values.slice(n),
    current:
      contentHash !== '' && header.contentHash === contentHash && header.modelHash === modelHash,
  };
}

function parseHeader(text: string): Header | null {
  try {
    const header = JSON.parse(text) as Partial<Header>;
    return header.format === 1 && Array.isArray(header.keys) ? (header as Header) : null;
  } catch {
    return null;
  }
}
