/** A tensor in a weight file, whose values are read only when somebody asks for them. */
import { readBytes } from './byteSource.js';
import type { ByteSource } from './byteSource.js';
import { fromBfloat16, fromFloat16 } from './halfFloat.js';

export interface StoredTensor {
  /** Type on disk, by its name in safetensors. */
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Tensors of one file that are the same values in the same order have the same place. */
  readonly place: string;
  /**
   * The values, row by row, little endian, in parts of whole values. A part is valid until the next
   * one is asked for.
   */
  parts(): AsyncIterable<Uint8Array>;
}

/** Bytes of a value, by its type. */
export const itemBytes: Readonly<Record<string, number>> = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  F8_E4M3: 1,
  F8_E5M2: 1,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U64: 8,
  U32: 4,
  U16: 2,
  U8: 1,
  BOOL: 1,
};

const floats = ['F64', 'F32', 'F16', 'BF16'];

/** Whether `readFloats` reads it. */
export function isFloat({ dtype }: Pick<StoredTensor, 'dtype'>): boolean {
  return floats.includes(dtype);
}

export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** The values as float32: widened from F16 and BF16, rounded from F64. */
export async function readFloats(tensor: StoredTensor): Promise<Float32Array> {
  if (!isFloat(tensor)) throw new TypeError(`${tensor.dtype} is no type of floats`);
  const values = new Float32Array(elementCount(tensor.shape));
  let at = 0;
  for await (const part of tensor.parts()) at += widen(part, tensor.dtype, values.subarray(at));
  return values;
}

/** Long enough for the disk, short enough that a second copy does not matter. */
const partBytes = 4 << 20;

/** Consecutive bytes of a source; `length` is a multiple of any value's size. */
export async function* consecutiveParts(
  source: ByteSource,
  position: number,
  length: number,
): AsyncGenerator<Uint8Array> {
  for (let done = 0; done < length; done += partBytes) {
    yield await readBytes(source, position + done, Math.min(partBytes, length - done));
  }
}

/** Returns how many values it wrote. */
function widen(part: Uint8Array, dtype: string, out: Float32Array): number {
  const count = part.length / itemBytes[dtype]!;
  // A fresh copy starts at a multiple of 8, as typed arrays need.
  const { buffer } = part.byteOffset % 8 === 0 ? part : new Uint8Array(part);
  const start = part.byteOffset % 8 === 0 ? part.byteOffset : 0;
  if (dtype === 'F32') out.set(new Float32Array(buffer, start, count));
  else if (dtype === 'F64') out.set(new Float64Array(buffer, start, count));
  else if (dtype === 'F16') fromFloat16(new Uint16Array(buffer, start, count), out);
  else fromBfloat16(new Uint16Array(buffer, start, count), out);
  return count;
}
