/** Of the shade, so that the numbers on it can be read. */
const darkest = 0.8;

/** @returns how dark a value is, in [0, `darkest`], from the lowest of all values to the highest */
export function shadeOf(values: readonly (number | null)[]): (value: number) => number {
  const known = values.filter((value) => value !== null);
  const low = known.reduce((a, b) => Math.min(a, b), Infinity);
  const high = known.reduce((a, b) => Math.max(a, b), -Infinity);
  return (value) => (high > low ? (darkest * (value - low)) / (high - low) : 0);
}
