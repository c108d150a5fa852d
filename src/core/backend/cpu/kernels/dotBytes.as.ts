// AssemblyScript, compiled by scripts/buildKernels.mjs.

/**
 * Dot products of one query with rows of bytes, exact in int32 for up to 512 columns. Four rows at once
 * share what is loaded of the query.
 *
 * @param query int16 [width]
 * @param rows int8 [count, width], in [-127, 127]; `count` a multiple of 4, `width` of 16
 * @param out int32 [count]
 */
export function dotBytes(query: usize, rows: usize, count: i32, width: i32, out: usize): void {
  const one = usize(width);
  const two = one << 1;
  const three = two + one;
  const end = rows + usize(count) * one;
  for (let row = rows; row < end; row += one << 2) {
    let a = i32x4.splat(0);
    let b = i32x4.splat(0);
    let c = i32x4.splat(0);
    let d = i32x4.splat(0);
    let by = query;
    const stop = row + one;
    for (let at = row; at < stop; at += 16) {
      const low = v128.load(by);
      const high = v128.load(by, 16);
      a = i32x4.add(a, i32x4.dot_i16x8_s(v128.load_ext<i8>(at), low));
      b = i32x4.add(b, i32x4.dot_i16x8_s(v128.load_ext<i8>(at + one), low));
      c = i32x4.add(c, i32x4.dot_i16x8_s(v128.load_ext<i8>(at + two), low));
      d = i32x4.add(d, i32x4.dot_i16x8_s(v128.load_ext<i8>(at + three), low));
      a = i32x4.add(a, i32x4.dot_i16x8_s(v128.load_ext<i8>(at, 8), high));
      b = i32x4.add(b, i32x4.dot_i16x8_s(v128.load_ext<i8>(at + one, 8), high));
      c = i32x4.add(c, i32x4.dot_i16x8_s(v128.load_ext<i8>(at + two, 8), high));
      d = i32x4.add(d, i32x4.dot_i16x8_s(v128.load_ext<i8>(at + three, 8), high));
      by += 32;
    }
    const ab = i32x4.add(v128.shuffle<i32>(a, b, 0, 4, 1, 5), v128.shuffle<i32>(a, b, 2, 6, 3, 7));
    const cd = i32x4.add(v128.shuffle<i32>(c, d, 0, 4, 1, 5), v128.shuffle<i32>(c, d, 2, 6, 3, 7));
    const left = v128.shuffle<i32>(ab, cd, 0, 1, 4, 5);
    v128.store(out, i32x4.add(left, v128.shuffle<i32>(ab, cd, 2, 3, 6, 7)));
    out += 16;
  }
}

/** As `dotBytes`, of one row. */
export function dotByteRow(query: usize, row: usize, width: i32): i32 {
  let a = i32x4.splat(0);
  let b = i32x4.splat(0);
  const stop = row + usize(width);
  for (let at = row; at < stop; at += 16) {
    a = i32x4.add(a, i32x4.dot_i16x8_s(v128.load_ext<i8>(at), v128.load(query)));
    b = i32x4.add(b, i32x4.dot_i16x8_s(v128.load_ext<i8>(at, 8), v128.load(query, 16)));
    query += 32;
  }
  const both = i32x4.add(a, b);
  const pairs = i32x4.add(both, v128.shuffle<i32>(both, both, 2, 3, 0, 1));
  return i32x4.extract_lane(pairs, 0) + i32x4.extract_lane(pairs, 1);
}
