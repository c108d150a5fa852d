import { describe, expect, it } from 'vitest';
import { createRandom, philox4x32 } from '../../../../src/core/base/random.js';
import { createKernelMemory } from '../../../../src/core/backend/cpu/kernels/memory.js';
import type { KernelMemory } from '../../../../src/core/backend/cpu/kernels/memory.js';

function randomFloats(target: Float32Array, name: string): Float32Array {
  const random = createRandom(5, name);
  for (let i = 0; i < target.length; i++) target[i] = random.normal();
  return target;
}

describe('squaredNorm', () => {
  it.each([0, 1, 3, 4, 16, 23, 1000, 1003])('equals the sum over %i values', (count) => {
    const memory = createKernelMemory(1 << 16);
    const values = randomFloats(memory.floats(count), 'norm');
    const expected = values.reduce((sum, value) => sum + value * value, 0);
    const { kernels, sums } = memory;
    const found = kernels.squaredNorm(values.byteOffset, count, sums.byteOffset);
    expect(Math.abs(found - expected)).toBeLessThanOrEqual(2 ** -22 * expected);
  });

  it('goes on in another memory as if it were one', () => {
    const [whole, first, second] = [1, 2, 3].map(() => createKernelMemory(1 << 16)) as [
      KernelMemory,
      KernelMemory,
      KernelMemory,
    ];
    const values = randomFloats(whole.floats(1024), 'parts');
    const parts = [first.floats(400), second.floats(624)] as const;
    parts[0].set(values.subarray(0, 400));
    parts[1].set(values.subarray(400));
    const norm = ({ kernels, sums }: KernelMemory, { byteOffset, length }: Float32Array) =>
      kernels.squaredNorm(byteOffset, length, sums.byteOffset);
    norm(first, parts[0]);
    second.sums.set(first.sums);
    expect(norm(second, parts[1])).toBe(norm(whole, values));
  });
});

describe('addRows', () => {
  it.each([4, 6, 256])('adds rows of %i values whose ids repeat', (width) => {
    const memory = createKernelMemory(1 << 20);
    const table = randomFloats(memory.floats(5 * width), 'table');
    const values = randomFloats(memory.floats(64 * width), 'values');
    const ids = memory.ints(64);
    const random = createRandom(1, 'ids');
    for (let i = 0; i < 64; i++) ids[i] = i < 40 ? 3 : random.integer(5);
    const expected = Float64Array.from(table);
    for (let i = 0; i < 64; i++) {
      for (let j = 0; j < width; j++) {
        expected[ids[i]! * width + j]! += values[i * width + j]!;
      }
    }
    memory.kernels.addRows(table.byteOffset, values.byteOffset, ids.byteOffset, 64, width);
    for (let i = 0; i < table.length; i++) expect(table[i]).toBeCloseTo(expected[i]!, 4);
  });
});

describe('fillDropout', () => {
  it.each([32, 256, 8192, 33, 31, 5])('is Philox4x32-10, 16 bits a value (%i values)', (count) => {
    const memory = createKernelMemory(1 << 16);
    const mask = memory.floats(count);
    memory.kernels.fillDropout(mask.byteOffset, count, 6554, 1.25, 7, 8, 9, 0xfffffff0, 123);
    const block = new Uint32Array(4);
    const expected = Array.from({ length: count }, (_, e) => {
      philox4x32([4 * (e >> 5) + (e & 3), 7, 8, 9], [0xfffffff0, 123], block);
      const word = block[(e >> 3) & 3]!;
      return ((e & 4) !== 0 ? word >>> 16 : word & 0xffff) >= 6554 ? 1.25 : 0;
    });
    expect([...mask]).toEqual(expected);
  });

  it('drops the wanted share', () => {
    const memory = createKernelMemory(1 << 23);
    const count = 1 << 20;
    const mask = memory.floats(count);
    memory.kernels.fillDropout(mask.byteOffset, count, 6554, 1, 0, 1, 2, 3, 4);
    const kept = mask.reduce((sum, value) => sum + value, 0) / count;
    // Four standard deviations of a share of 0.9 over 2^20 draws.
    expect(Math.abs(kept - 0.9)).toBeLessThan(4 * Math.sqrt(0.09 / count));
  });
});

describe('createKernelMemory', () => {
  it('refuses what a 32-bit memory cannot hold', () => {
    expect(() => createKernelMemory(2 ** 32)).toThrow(RangeError);
  });

  it('refuses allocations beyond its size', () => {
    const memory = createKernelMemory(65_536 - 64);
    memory.floats(16_368);
    expect(() => memory.floats(1)).toThrow(RangeError);
  });
});
