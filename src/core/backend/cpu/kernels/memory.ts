/**
 * One WebAssembly memory with the training kernels. It is not shared, because ONNX Runtime rejects
 * tensors on shared buffers; it never grows, because growing detaches views.
 */
import { failure } from '../../../base/errors.js';
import { kernelsBase64 } from './binary.js';

/** Addresses are byte offsets into the memory, as `view.byteOffset` gives them. */
export interface Kernels {
  /** Clears the gradient. */
  adamW(
    parameter: number,
    gradient: number,
    moment1: number,
    moment2: number,
    count: number,
    gradientScale: number,
    beta1: number,
    beta2: number,
    stepSize: number,
    root2: number,
    epsilon: number,
    keep: number,
  ): void;
  /** @param sums address of four running sums, such as `KernelMemory.sums` */
  squaredNorm(values: number, count: number, sums: number): number;
  addRows(table: number, values: number, ids: number, count: number, width: number): void;
  fillDropout(
    out: number,
    count: number,
    threshold: number,
    kept: number,
    c1: number,
    c2: number,
    c3: number,
    k0: number,
    k1: number,
  ): void;
}

export interface KernelMemory {
  readonly kernels: Kernels;
  /** [4], running sums for `squaredNorm`. */
  readonly sums: Float64Array;
  /** Allocates zeros, aligned to a cache line. */
  floats(count: number): Float32Array;
  ints(count: number): Int32Array;
}

const pageBytes = 65_536;
const alignment = 64;
/** Size of the largest 32-bit memory. */
export const largestMemory = 2 ** 32;

/** What a memory of this size has room for. Its first cache line holds `sums`. */
export function usableBytes(memoryBytes: number): number {
  return memoryBytes - alignment;
}

/** Bytes taken by `floats(count)` or `ints(count)`. */
export function allocatedBytes(count: number): number {
  return Math.ceil((count * 4) / alignment) * alignment;
}

/** Creates a memory for allocations of `bytes` in total (the sum of their `allocatedBytes`). */
export function createKernelMemory(bytes: number): KernelMemory {
  if (bytes > usableBytes(largestMemory)) {
    throw new RangeError(`A memory cannot hold ${bytes} bytes.`);
  }
  const pages = Math.ceil((bytes + alignment) / pageBytes);
  const memory = allocate(pages);
  const module = new WebAssembly.Module(Buffer.from(kernelsBase64, 'base64'));
  const instance = new WebAssembly.Instance(module, { env: { memory } });
  let next = alignment;

  function take(count: number): number {
    const offset = next;
    next += allocatedBytes(count);
    if (next > memory.buffer.byteLength) {
      throw new RangeError('The kernel memory was planned too small.');
    }
    return offset;
  }

  return {
    kernels: instance.exports as unknown as Kernels,
    sums: new Float64Array(memory.buffer, 0, 4),
    floats: (count) => new Float32Array(memory.buffer, take(count), count),
    ints: (count) => new Int32Array(memory.buffer, take(count), count),
  };
}

function allocate(pages: number): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages });
  } catch (error) {
    const mebibytes = Math.ceil((pages * pageBytes) / 2 ** 20);
    throw failure(
      `Training needs ${mebibytes} MiB for parameters and optimizer, which the system refused: close other programs or choose a smaller model.`,
      { cause: error },
    );
  }
}
