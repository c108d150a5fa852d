import { describe, expect, it } from 'vitest';
import { createRandom, philox4x32 } from '../../../src/core/base/random.js';

type Words = [number, number, number, number];

describe('philox4x32', () => {
  // Known answers of the authors' Random123 library (tests/kat_vectors, philox4x32 10).
  it.each<{ counter: Words; key: [number, number]; expected: Words }>([
    {
      counter: [0, 0, 0, 0],
      key: [0, 0],
      expected: [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
    },
    {
      counter: [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      key: [0xffffffff, 0xffffffff],
      expected: [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    },
    {
      counter: [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      key: [0xa4093822, 0x299f31d0],
      expected: [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    },
  ])('answers $expected', ({ counter, key, expected }) => {
    const out = new Uint32Array(4);
    philox4x32(counter, key, out);
    expect([...out]).toEqual(expected);
  });
});

describe('createRandom', () => {
  it('repeats itself for the same seed and path, and for nothing else', () => {
    const draw = (seed: number, ...path: (string | number)[]) => {
      const random = createRandom(seed, ...path);
      return Array.from({ length: 8 }, () => random.next());
    };
    const paths: [number, ...(string | number)[]][] = [
      [7],
      [8],
      [7, 'a'],
      [7, 'b'],
      [7, 'a', 0],
      [7, 'a', 1],
      [7, 0, 'a'],
      [7 + 2 ** 32],
    ];
    const streams = paths.map((path) => draw(...path).join());
    expect(new Set(streams).size).toBe(streams.length);
    expect(paths.map((path) => draw(...path).join())).toEqual(streams);
    const parent = createRandom(7, 'a');
    parent.next();
    expect(parent.fork('b', 3).next()).toBe(createRandom(7, 'a', 'b', 3).next());
  });

  it('is uniform over integers, and normal where asked', () => {
    const random = createRandom(1);
    const counts = new Array<number>(5).fill(0);
    for (let i = 0; i < 50_000; i++) counts[random.integer(5)]!++;
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400);
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < 50_000; i++) {
      const value = random.normal();
      sum += value;
      squares += value * value;
    }
    expect(Math.abs(sum / 50_000)).toBeLessThan(0.02);
    expect(Math.abs(squares / 50_000 - 1)).toBeLessThan(0.03);
    expect(() => random.integer(0)).toThrow(RangeError);
  });

  it('shuffles without losing anything, every order as likely', () => {
    const random = createRandom(2);
    const orders = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const order = random.shuffle(['a', 'b', 'c']).join('');
      orders.set(order, (orders.get(order) ?? 0) + 1);
    }
    expect(orders.size).toBe(6);
    for (const count of orders.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });
});
