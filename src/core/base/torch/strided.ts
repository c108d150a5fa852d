/** Reads a tensor's values in order, however its strides lay them out in the storage. */
import { readBytes } from '../byteSource.js';
import type { ByteSource } from '../byteSource.js';
import { consecutiveParts, elementCount, itemBytes } from '../storedTensor.js';
import type { TorchTensor } from './pickleValues.js';

export function isContiguous({ shape, strides }: TorchTensor): boolean {
  let expected = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    if (shape[i] !== 1 && strides[i] !== expected) return false;
    expected *= shape[i]!;
  }
  return true;
}

/** @param storageAt where the bytes of the storage begin in the source */
export async function* stridedParts(
  source: ByteSource,
  tensor: TorchTensor,
  storageAt: number,
): AsyncGenerator<Uint8Array> {
  const { storage, offset, shape, strides } = tensor;
  const size = itemBytes[storage.dtype]!;
  const count = elementCount(shape);
  if (count === 0) return;
  const first = storageAt + (storage.start + offset) * size;
  if (isContiguous(tensor)) {
    yield* consecutiveParts(source, first, count * size);
    return;
  }
  const span = shape.reduce((sum, length, i) => sum + (length - 1) * strides[i]!, 1);
  const stored = await readBytes(source, first, span * size);
  const row = shape.at(-1)!;
  const step = strides.at(-1)! * size;
  for (let start = 0; start < count / row; start += rowsOfPart) {
    const rows = Math.min(rowsOfPart, count / row - start);
    const part = Buffer.alloc(rows * row * size);
    for (let r = 0; r < rows; r++) {
      const from = rowOffset(start + r, shape, strides) * size;
      for (let i = 0; i < row; i++) {
        const item = from + i * step;
        stored.copy(part, (r * row + i) * size, item, item + size);
      }
    }
    yield part;
  }
}

const rowsOfPart = 256;

/** Where row `index` of the last dimension begins, in values. */
function rowOffset(index: number, shape: readonly number[], strides: readonly number[]): number {
  let rest = index;
  let offset = 0;
  for (let i = shape.length - 2; i >= 0; i--) {
    offset += (rest % shape[i]!) * strides[i]!;
    rest = Math.floor(rest / shape[i]!);
  }
  return offset;
}
