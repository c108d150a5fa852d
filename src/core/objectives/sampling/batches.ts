/** Cuts documents into sequences and groups micro-batches into steps. Nothing is dropped. */
/**
 * Sequences of at most `maxLength` ids, including `cls` and `sep`, as equal in length as possible.
 */
export function cutWindows(
  ids: Int32Array,
  { maxLength, cls, sep }: { maxLength: number; cls: number; sep: number },
): Int32Array[] {
  const windows = Math.ceil(ids.length / (maxLength - 2));
  return Array.from({ length: windows }, (_, index) => {
    const start = Math.floor((index * ids.length) / windows);
    const end = Math.floor(((index + 1) * ids.length) / windows);
    const window = new Int32Array(end - start + 2);
    window[0] = cls;
    window.set(ids.subarray(start, end), 1);
    window[window.length - 1] = sep;
    return window;
  });
}

/** Deals micro-batches into `steps` steps whose sizes differ by at most one. */
export function dealSteps<T>(microBatches: readonly T[], steps: number): T[][] {
  const dealt = Array.from({ length: steps }, (): T[] => []);
  microBatches.forEach((microBatch, i) => {
    dealt[Math.floor((i * steps) / microBatches.length)]!.push(microBatch);
  });
  return dealt;
}
