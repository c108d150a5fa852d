// AssemblyScript, compiled by scripts/buildKernels.mjs.

/**
 * Adds row i of `values` [count, width] to row ids[i] of `table` [.., width]. Sequential, so that
 * no update is lost when ids repeat.
 */
export function addRows(table: usize, values: usize, ids: usize, count: i32, width: i32): void {
  const bytes = usize(width) << 2;
  const vectorBytes = bytes & ~usize(15);
  for (let i = 0; i < count; i++) {
    const to = table + usize(load<u32>(ids + (usize(i) << 2))) * bytes;
    const from = values + usize(i) * bytes;
    let at: usize = 0;
    for (; at < vectorBytes; at += 16) {
      v128.store(to + at, f32x4.add(v128.load(to + at), v128.load(from + at)));
    }
    for (; at < bytes; at += 4) store<f32>(to + at, load<f32>(to + at) + load<f32>(from + at));
  }
}
