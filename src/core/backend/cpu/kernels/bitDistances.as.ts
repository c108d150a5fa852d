// AssemblyScript, compiled by scripts/buildKernels.mjs.

/**
 * In how many bits each row differs from one query (Hamming distance), for up to 3,968 bits.
 *
 * @param query [bytes]; @param rows [count, bytes], `bytes` a multiple of 16
 * @param out uint16 [count]
 */
export function bitDistances(query: usize, rows: usize, count: i32, bytes: i32, out: usize): void {
  const width = usize(bytes);
  const end = rows + usize(count) * width;
  for (let row = rows; row < end; row += width) {
    // A byte holds at most eight for each 16 bytes of a row.
    let sums = i8x16.splat(0);
    for (let at: usize = 0; at < width; at += 16) {
      const differ = v128.xor(v128.load(row + at), v128.load(query + at));
      sums = i8x16.add(sums, i8x16.popcnt(differ));
    }
    const wide = i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(sums));
    const pairs = i32x4.add(wide, v128.shuffle<i32>(wide, wide, 2, 3, 0, 1));
    store<u16>(out, u16(i32x4.extract_lane(pairs, 0) + i32x4.extract_lane(pairs, 1)));
    out += 2;
  }
}
