/**
 * Vectors for scanning: less the mean, of length 1, in int8 with a scale a row, and, of very many, as the signs of
 * their numbers beside them. Bytes are scanned a quarter as long as float32 and tell within which bounds the
 * cosine lies; signs a fifth of that, and tell about where it lies (Charikar, "Similarity estimation
 * techniques from rounding algorithms", 2002).
 */
import { createKernelMemory, roundedUp } from '../../backend/cpu/kernels/memory.js';
import type { VectorRows } from './vectorRows.js';

export interface ScanRows {
  /** No cosine by bytes differs by more from that of the vectors themselves. */
  readonly error: number;
  readonly hasSigns: boolean;
  /** Compares with a direction of length 1. */
  compare(direction: Float32Array): Comparison;
}

export type CompareRows = (from: number, to: number, out: Float64Array) => void;

export interface Comparison {
  /** Cosines of rows `from` to `to`, written to `out` from place 0: by bytes, or about, by signs. */
  readonly bytes: CompareRows;
  readonly signs: CompareRows;
  readonly byteRow: (row: number) => number;
}

/** Rows that are compared in one call: some milliseconds. */
export const rowsAtOnce = 65_536;
const purpose = {
  needs: 'Looking notes up needs % MiB for their vectors',
  remedy: 'close other programs',
};

/** @param lengths [rows]: of the vectors less the mean; 0: nothing to compare with */
export function scanRows(
  rows: VectorRows,
  mean: Float32Array,
  lengths: Float64Array,
  hasSigns: boolean,
): ScanRows {
  const { count, dimension } = rows;
  const width = Math.ceil(dimension / 16) * 16;
  const signBytes = hasSigns ? Math.ceil(dimension / 128) * 16 : 0;
  // The kernel takes four rows at once, and may read and write as many more than there are.
  const padded = Math.ceil(count / 4) * 4 + 4;
  const sizes = [padded * width, padded * signBytes, 2 * width, signBytes, 4 * rowsAtOnce + 64];
  const memory = createKernelMemory(
    sizes.reduce((sum, size) => sum + roundedUp(size), 0),
    purpose,
  );
  const held = memory.bytes(sizes[0]!);
  const bytes = new Int8Array(held.buffer, held.byteOffset, held.length);
  const signs = memory.bytes(sizes[1]!);
  const asked = memory.bytes(sizes[2]!);
  const query = new Int16Array(asked.buffer, asked.byteOffset, width);
  const querySigns = memory.bytes(sizes[3]!);
  const answer = memory.bytes(sizes[4]!);
  const dots = new Int32Array(answer.buffer, answer.byteOffset, rowsAtOnce + 4);
  const distances = new Uint16Array(answer.buffer, answer.byteOffset, rowsAtOnce);
  const { kernels } = memory;
  // The largest number of a query, in steps: as many as a sum in int32 has room for.
  const most = Math.min(32_767, Math.floor((2 ** 31 - 1) / (127 * width)));
  const scales = new Float64Array(count);
  let error = 0;

  for (let row = 0; row < count; row++) {
    const length = lengths[row]!;
    if (length === 0) continue;
    const vector = rows.at(row);
    let largest = 0;
    for (let k = 0; k < dimension; k++) {
      largest = Math.max(largest, Math.abs(vector[k]! - mean[k]!));
    }
    const step = largest / 127;
    scales[row] = step / length;
    let lost = 0;
    for (let k = 0; k < dimension; k++) {
      const value = vector[k]! - mean[k]!;
      const byte = Math.round(value / step);
      bytes[row * width + k] = byte;
      lost += (value - byte * step) ** 2;
      if (hasSigns && value > 0) signs[row * signBytes + (k >> 3)]! |= 1 << (k & 7);
    }
    error = Math.max(error, Math.sqrt(lost) / length);
  }

  return {
    // Beside what the rows lose: what the query does, half a step of each of its numbers.
    error: error + (1 + error) * (Math.sqrt(dimension) / (2 * most)),
    hasSigns,
    compare(direction) {
      let largest = 0;
      for (const value of direction) largest = Math.max(largest, Math.abs(value));
      const step = largest / most;
      query.fill(0);
      querySigns.fill(0);
      direction.forEach((value, k) => {
        query[k] = step === 0 ? 0 : Math.round(value / step);
        if (hasSigns && value > 0) querySigns[k >> 3]! |= 1 << (k & 7);
      });
      // Put back at each call, since other comparisons may come between.
      const own = query.slice();
      const ownSigns = querySigns.slice();
      const cosines = Float64Array.from({ length: dimension + 1 }, (_, differ) =>
        Math.cos((Math.PI * differ) / dimension),
      );
      return {
        bytes(from, to, out) {
          query.set(own);
          const last = Math.ceil((to - from) / 4) * 4;
          const at = bytes.byteOffset + from * width;
          kernels.dotBytes(asked.byteOffset, at, last, width, answer.byteOffset);
          for (let i = 0; i < to - from; i++) out[i] = dots[i]! * (step * scales[from + i]!);
        },
        signs(from, to, out) {
          querySigns.set(ownSigns);
          const at = signs.byteOffset + from * signBytes;
          const count = to - from;
          const { byteOffset } = answer;
          kernels.bitDistances(querySigns.byteOffset, at, count, signBytes, byteOffset);
          for (let i = 0; i < count; i++) out[i] = cosines[distances[i]!]!;
        },
        byteRow(row) {
          query.set(own);
          const at = bytes.byteOffset + row * width;
          return kernels.dotByteRow(asked.byteOffset, at, width) * step * scales[row]!;
        },
      };
    },
  };
}
