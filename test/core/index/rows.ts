import type { DocumentRow, PassageRow } from '../../../src/core/index/tables.js';
import { createRandom } from '../../../src/core/base/random.js';

export const dimension = 16;

export function randomVector(seed: number): Float32Array {
  const random = createRandom(seed, 'test-vector');
  return Float32Array.from({ length: dimension }, () => random.normal());
}

export function unit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

export function documentRow(id: string, fields: Partial<DocumentRow> = {}): DocumentRow {
  return {
    key: `key-${id}`,
    id,
    text: `Text of ${id}.`,
    fingerprint: `print-${id}`,
    category: null,
    label: null,
    group: null,
    date: null,
    fields: {},
    file: null,
    passages: 1,
    vector: unit(randomVector(id.length)),
    ...fields,
  };
}

export function passageRow(document: string, fields: Partial<PassageRow> = {}): PassageRow {
  return {
    document,
    index: 0,
    start: 0,
    end: 5,
    textHash: `hash-${document}`,
    tokens: 3,
    vector: randomVector(document.length),
    ...fields,
  };
}
