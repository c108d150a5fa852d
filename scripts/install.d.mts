/** Runs npm; `status` is its exit code. */
export function npm(
  args: readonly string[],
  options?: { readonly cwd?: string; readonly stdio?: 'inherit' | readonly (string | number)[] },
): { readonly status: number | null };
