/** Rows scaled to length 1 in float64, so that products are cosines; a row of zeros stays. */
export function unitRows(values: Float32Array | Float64Array, columns: number): Float64Array {
  const units = Float64Array.from(values);
  for (let from = 0; from < units.length; from += columns) {
    let square = 0;
    for (let i = from; i < from + columns; i++) square += units[i]! * units[i]!;
    const length = Math.sqrt(square);
    if (length === 0) continue;
    for (let i = from; i < from + columns; i++) units[i]! /= length;
  }
  return units;
}
