// AssemblyScript, compiled by scripts/buildKernels.mjs.

const multiplier0: u32 = 0xd2511f53;
const multiplier1: u32 = 0xcd9e8d57;
const weyl0: u32 = 0x9e3779b9;
const weyl1: u32 = 0xbb67ae85;

/**
 * Fills `count` float32 values with `kept`, or 0 with probability threshold / 65536.
 *
 * Philox4x32-10 with the counter (block, c1, c2, c3) and the key (k0, k1); each half-word decides
 * one value. Four blocks are computed together: value e uses block 4 * (e >> 5) + (e & 3), word (e
 * >> 3) & 3, upper half if e & 4.
 */
export function fillDropout(
  out: usize,
  count: i32,
  threshold: i32,
  kept: f32,
  c1: u32,
  c2: u32,
  c3: u32,
  k0: u32,
  k1: u32,
): void {
  const groups = count >> 5;
  const limit = i32x4.splat(threshold - 1);
  const value = f32x4.splat(kept);
  const lowHalf = i32x4.splat(0xffff);
  const m0 = i32x4.splat(multiplier0);
  const m1 = i32x4.splat(multiplier1);
  const w0 = i32x4.splat(weyl0);
  const w1 = i32x4.splat(weyl1);
  let blocks = i32x4(0, 1, 2, 3);
  let at = out;
  for (let group = 0; group < groups; group++) {
    let x0 = blocks;
    let x1 = i32x4.splat(c1);
    let x2 = i32x4.splat(c2);
    let x3 = i32x4.splat(c3);
    let key0 = i32x4.splat(k0);
    let key1 = i32x4.splat(k1);
    for (let round = 0; round < 10; round++) {
      const a = i64x2.extmul_low_i32x4_u(x0, m0);
      const b = i64x2.extmul_high_i32x4_u(x0, m0);
      const c = i64x2.extmul_low_i32x4_u(x2, m1);
      const d = i64x2.extmul_high_i32x4_u(x2, m1);
      const high0 = v128.shuffle<i32>(a, b, 1, 3, 5, 7);
      const high1 = v128.shuffle<i32>(c, d, 1, 3, 5, 7);
      x0 = v128.xor(v128.xor(high1, x1), key0);
      x2 = v128.xor(v128.xor(high0, x3), key1);
      x1 = v128.shuffle<i32>(c, d, 0, 2, 4, 6);
      x3 = v128.shuffle<i32>(a, b, 0, 2, 4, 6);
      key0 = i32x4.add(key0, w0);
      key1 = i32x4.add(key1, w1);
    }
    v128.store(at, v128.and(value, i32x4.gt_s(v128.and(x0, lowHalf), limit)), 0);
    v128.store(at, v128.and(value, i32x4.gt_s(i32x4.shr_u(x0, 16), limit)), 16);
    v128.store(at, v128.and(value, i32x4.gt_s(v128.and(x1, lowHalf), limit)), 32);
    v128.store(at, v128.and(value, i32x4.gt_s(i32x4.shr_u(x1, 16), limit)), 48);
    v128.store(at, v128.and(value, i32x4.gt_s(v128.and(x2, lowHalf), limit)), 64);
    v128.store(at, v128.and(value, i32x4.gt_s(i32x4.shr_u(x2, 16), limit)), 80);
    v128.store(at, v128.and(value, i32x4.gt_s(v128.and(x3, lowHalf), limit)), 96);
    v128.store(at, v128.and(value, i32x4.gt_s(i32x4.shr_u(x3, 16), limit)), 112);
    at += 128;
    blocks = i32x4.add(blocks, i32x4.splat(4));
  }
  for (let e = groups << 5; e < count; e++) {
    const word = philoxWord(u32(((e >> 5) << 2) + (e & 3)), c1, c2, c3, k0, k1, (e >> 3) & 3);
    const half = (e & 4) !== 0 ? word >>> 16 : word & 0xffff;
    store<f32>(out + (usize(e) << 2), i32(half) >= threshold ? kept : 0);
  }
}

/** One word of one block, for the few values after the last complete group. */
function philoxWord(c0: u32, c1: u32, c2: u32, c3: u32, k0: u32, k1: u32, index: i32): u32 {
  for (let round = 0; round < 10; round++) {
    const product0 = u64(c0) * u64(multiplier0);
    const product1 = u64(c2) * u64(multiplier1);
    c0 = u32(product1 >> 32) ^ c1 ^ k0;
    c1 = u32(product1);
    c2 = u32(product0 >> 32) ^ c3 ^ k1;
    c3 = u32(product0);
    k0 += weyl0;
    k1 += weyl1;
  }
  return index === 0 ? c0 : index === 1 ? c1 : index === 2 ? c2 : c3;
}
