/** Memoises the last call: returns the same result for the same arguments. */
export function rememberLast<Args extends readonly unknown[], Result>(
  compute: (...args: Args) => Result,
): (...args: Args) => Result {
  let last: { readonly args: Args; readonly result: Result } | null = null;
  return (...args) => {
    const known = last;
    if (known?.args.every((value, at) => value === args[at]) !== true) {
      last = { args, result: compute(...args) };
      return last.result;
    }
    return known.result;
  };
}
