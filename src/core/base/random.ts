/**
 * Counter-based random numbers: Philox4x32-10 (Salmon et al., "Parallel Random Numbers: As Easy as
 * 1, 2, 3", SC 2011). A stream is a pure function of its key and counter, so a resumed run, a
 * replayed dropout mask or a halved micro-batch draws the same numbers again.
 */
const multiplier0 = 0xd2511f53;
const multiplier1 = 0xcd9e8d57;
const weyl0 = 0x9e3779b9;
const weyl1 = 0xbb67ae85;

/** High 32 bits of the unsigned product. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const low = aLow * bLow;
  const middle = aHigh * bLow + (low >>> 16);
  const middle2 = aLow * bHigh + (middle & 0xffff);
  return (aHigh * bHigh + Math.floor(middle / 0x10000) + Math.floor(middle2 / 0x10000)) >>> 0;
}

/** One block: 4 words for a 4-word counter and a 2-word key, written to `out` [4]. */
export function philox4x32(
  counter: readonly [number, number, number, number],
  key: readonly [number, number],
  out: Uint32Array,
): void {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < 10; round++) {
    const high0 = multiplyHigh(multiplier0, c0);
    const low0 = Math.imul(multiplier0, c0) >>> 0;
    const high1 = multiplyHigh(multiplier1, c2);
    const low1 = Math.imul(multiplier1, c2) >>> 0;
    c0 = (high1 ^ c1 ^ k0) >>> 0;
    c1 = low1;
    c2 = (high0 ^ c3 ^ k1) >>> 0;
    c3 = low0;
    k0 = (k0 + weyl0) >>> 0;
    k1 = (k1 + weyl1) >>> 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

/** 32-bit FNV-1a of a name, for keys made of words. */
export function hashName(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) {
    hash ^= name.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193) >>> 0;
  }
  return hash;
}

export interface Random {
  /** Uniform in [0, 1) with 32 bits. */
  next(): number;
  /** Uniform integer in [0, limit), unbiased. */
  integer(limit: number): number;
  /** Standard normal (Box-Muller). */
  normal(): number;
  /** Fisher-Yates, in place. */
  shuffle<T>(items: T[]): T[];
  pick<T>(items: readonly T[]): T;
  /** An independent stream; the same arguments give the same stream. */
  fork(name: string, ...indices: number[]): Random;
}

/** A stream for `seed` (any integer) and a path of words and numbers. */
export function createRandom(seed: number, ...path: (string | number)[]): Random {
  const key = streamKey(seed, path);
  const block = new Uint32Array(4);
  let counter = 0;
  let used = 4;

  function word(): number {
    if (used === 4) {
      philox4x32([counter >>> 0, Math.floor(counter / 0x1_0000_0000) >>> 0, 0, 0], key, block);
      counter++;
      used = 0;
    }
    return block[used++] as number;
  }

  const random: Random = {
    next: () => word() / 0x1_0000_0000,
    integer(limit) {
      if (!Number.isInteger(limit) || limit < 1 || limit > 0x1_0000_0000) {
        throw new RangeError(`limit must be an integer in [1, 2^32], not ${limit}`);
      }
      const bound = 0x1_0000_0000 - (0x1_0000_0000 % limit);
      let value = word();
      while (value >= bound) value = word();
      return value % limit;
    },
    normal() {
      const radius = Math.sqrt(-2 * Math.log((word() + 1) / 0x1_0000_0001));
      return radius * Math.cos(2 * Math.PI * (word() / 0x1_0000_0000));
    },
    shuffle(items) {
      for (let i = items.length - 1; i > 0; i--) {
        const j = random.integer(i + 1);
        [items[i], items[j]] = [
          items[j] as (typeof items)[number],
          items[i] as (typeof items)[number],
        ];
      }
      return items;
    },
    pick: (items) => items[random.integer(items.length)] as (typeof items)[number],
    fork: (name, ...indices) => createRandom(seed, ...path, name, ...indices),
  };
  return random;
}

/** Two 32-bit key words derived from the seed and every part of the path. */
function streamKey(seed: number, path: readonly (string | number)[]): readonly [number, number] {
  const state = new Uint32Array(4);
  let key: readonly [number, number] = [seed >>> 0, Math.floor(seed / 0x1_0000_0000) >>> 0];
  for (const part of path) {
    const isName = typeof part === 'string';
    const low = isName ? hashName(part) : part >>> 0;
    const high = isName ? part.length : Math.floor(part / 0x1_0000_0000) >>> 0;
    philox4x32([low, high, isName ? 1 : 0, 0x6b657973], key, state);
    key = [state[0] as number, state[1] as number];
  }
  return key;
}
