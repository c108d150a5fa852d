/** Shares of pairs by cosine, in bars of equal width from -1 to 1. */
export interface CosineHistogram {
  readonly within: readonly number[];
  readonly between: readonly number[];
}

/** As curves in per cent, without the empty bars at both ends; `null` if there are no pairs. */
export function cosineCurves({
  within,
  between,
}: CosineHistogram): (CosineHistogram & { readonly x: readonly number[] }) | null {
  const at = within.map((_, bar) => -1 + (2 * (bar + 0.5)) / within.length);
  const shown = at.map((_, bar) => within[bar] !== 0 || between[bar] !== 0);
  const [first, last] = [shown.indexOf(true), shown.lastIndexOf(true) + 1];
  if (first < 0) return null;
  const part = (values: readonly number[]): number[] =>
    values.slice(first, last).map((value) => 100 * value);
  return { x: at.slice(first, last), within: part(within), between: part(between) };
}
