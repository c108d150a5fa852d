/**
 * One WebAssembly memory with the kernels of training and search. It is not shared, because ONNX Runtime rejects
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
  dotBytes(query: number, rows: number, count: number, width: number, out: number): void;
  dotByteRow(query: number, row: number, width: number): number;
  bitDistances(query: number, rows: number, count: number, bytes: number, out: number): void;
}

export interface KernelMemory {
  readonly kernels: Kernels;
  /** [4], running sums for `squaredNorm`. */
  readonly sums: Float64Array;
  /** Allocates zeros, aligned to a cache line. */
  floats(count: number): Float32Array;
  ints(count: number): Int32Array;
  bytes(count: number): Uint8Array<ArrayBuffer>;
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
  return roundedUp(count * 4);
}

/** Bytes taken by `bytes(count)`. */
export function roundedUp(bytes: number): number {
  return Math.ceil(bytes / alignment) * alignment;
}

/** What a memory is for, and what to do if there is none, in the sentence that says so. */
export interface MemoryPurpose {
  readonly needs: string;
  readonly remedy: string;
}

const training: MemoryPurpose = {
  needs: 'Training needs % MiB for parameters and optimizer',
  remedy: 'close other programs or choose a smaller model',
};

/** Creates a memory for allocations of `bytes` in total (the sum of what each takes). */
export function createKernelMemory(bytes: number, purpose = training): KernelMemory {
  if (bytes > usableBytes(largestMemory)) {
    throw new RangeError(`A memory cannot hold ${bytes} bytes.`);
  }
  const pages = Math.ceil((bytes + alignment) / pageBytes);
  const memory = allocate(pages, purpose);
  const module = new WebAssembly.Module(Buffer.from(kernelsBase64, 'base64'));
  const instance = new WebAssembly.Instance(module, { env: { memory } });
  let next = alignment;

  function take(size: number): number {
    const offset = next;
    next += roundedUp(size);
    if (next > memory.buffer.byteLength) {
      throw new RangeError('The kernel memory was planned too small.');
    }
    return offset;
  }

  return {
    kernels: instance.exports as unknown as Kernels,
    sums: new Float64Array(memory.buffer, 0, 4),
    floats: (count) => new Float32Array(memory.buffer, take(4 * count), count),
    ints: (count) => new Int32Array(memory.buffer, take(4 * count), count),
    bytes: (count) => new Uint8Array(memory.buffer, take(count), count),
  };
}

function allocate(pages: number, { needs, remedy }: MemoryPurpose): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages });
  } catch (error) {
    const mebibytes = Math.ceil((pages * pageBytes) / 2 ** 20);
    const sentence = needs.replace('%', String(mebibytes));
    throw failure(`${sentence}, which the system refused: ${remedy}.`, { cause: error });
  }
}
