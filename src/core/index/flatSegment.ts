import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { failure } from '../base/errors.js';
import { writeFileAtomic } from '../base/files.js';
import type { DocumentRow, PassageRow } from './tables.js';

export interface Segment {
  readonly documents: readonly DocumentRow[];
  readonly passages: readonly PassageRow[];
  /** Keys of documents in earlier segments that have been removed. */
  readonly removed: readonly string[];
}

export async function writeSegment(
  folder: string,
  name: string,
  segment: Segment,
  dimension: number,
): Promise<void> {
  const rows = [...segment.documents, ...segment.passages];
  const vectors = new Float32Array(rows.length * dimension);
  rows.forEach((row, i) => {
    vectors.set(row.vector, i * dimension);
  });
  await writeFileAtomic(join(folder, `${name}.vectors`), new Uint8Array(vectors.buffer));
  // The vectors are in a separate file.
  const json = JSON.stringify(segment, (_, value: unknown) =>
    value instanceof Float32Array ? undefined : value,
  );
  await writeFileAtomic(join(folder, `${name}.json`), json);
}

export async function readSegment(
  folder: string,
  name: string,
  dimension: number,
): Promise<Segment> {
  const json = await readFile(join(folder, `${name}.json`), 'utf8');
  const segment = JSON.parse(json) as Segment;
  const bytes = await readFile(join(folder, `${name}.vectors`));
  const count = segment.documents.length + segment.passages.length;
  if (bytes.length !== count * dimension * 4) {
    throw failure(`The index ${folder} is broken: delete this folder and index the notes again.`);
  }
  const vectors = new Float32Array(count * dimension);
  new Uint8Array(vectors.buffer).set(bytes);
  let row = 0;
  const next = (): Float32Array => vectors.subarray(row * dimension, ++row * dimension);
  return {
    documents: segment.documents.map((document) => ({ ...document, vector: next() })),
    passages: segment.passages.map((passage) => ({ ...passage, vector: next() })),
    removed: segment.removed,
  };
}
