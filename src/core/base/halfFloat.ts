/** The 16-bit floats of weight files: IEEE half precision (F16) and bfloat16 (BF16). */

/** Smallest magnitude (as float32 bits) that rounds to infinity in F16: 65520. */
const overflowBits = 0x477ff000;

/** Converts to F16, rounding to nearest, ties to even; `null` if a finite value overflows. */
export function toFloat16(values: Float32Array): Uint16Array<ArrayBuffer> | null {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const out = new Uint16Array(values.length);
  for (let i = 0; i < bits.length; i++) {
    const value = bits[i]!;
    const magnitude = value & 0x7fffffff;
    if (magnitude >= overflowBits && magnitude < 0x7f800000) return null;
    out[i] = ((value >>> 16) & 0x8000) | halfMagnitude(magnitude);
  }
  return out;
}

function halfMagnitude(magnitude: number): number {
  if (magnitude >= 0x7f800000) return magnitude > 0x7f800000 ? 0x7e00 : 0x7c00;
  // 2^-14 and above are normal halves: drop 13 bits of the fraction and move the exponent's bias.
  if (magnitude >= 0x38800000) {
    return (magnitude + 0xfff + ((magnitude >>> 13) & 1) - 0x38000000) >>> 13;
  }
  // Up to half of the smallest subnormal (2^-24) rounds to zero.
  if (magnitude <= 0x33000000) return 0;
  const shift = 126 - (magnitude >>> 23);
  const fraction = (magnitude & 0x7fffff) | 0x800000;
  const quotient = fraction >>> shift;
  const rest = fraction & ((1 << shift) - 1);
  const half = 1 << (shift - 1);
  return rest > half || (rest === half && (quotient & 1) === 1) ? quotient + 1 : quotient;
}

/** Widens the F16 values of `halves` into `out`. */
export function fromFloat16(halves: Uint16Array, out: Float32Array): void {
  const table = float16Table();
  for (let i = 0; i < halves.length; i++) out[i] = table[halves[i]!]!;
}

/** Widens the BF16 values of `halves` into `out`: each is the upper half of a float32. */
export function fromBfloat16(halves: Uint16Array, out: Float32Array): void {
  const bits = new Uint32Array(out.buffer, out.byteOffset, out.length);
  for (let i = 0; i < halves.length; i++) bits[i] = halves[i]! << 16;
}

let cachedTable: Float32Array | null = null;

/** Every F16 value as float32: a 256 KB look-up table for widening. */
function float16Table(): Float32Array {
  if (cachedTable !== null) return cachedTable;
  const table = new Float32Array(0x10000);
  for (let bits = 0; bits < 0x10000; bits++) {
    const sign = (bits & 0x8000) === 0 ? 1 : -1;
    const exponent = (bits >>> 10) & 0x1f;
    const fraction = bits & 0x3ff;
    if (exponent === 0x1f) table[bits] = fraction === 0 ? sign * Infinity : NaN;
    else if (exponent === 0) table[bits] = sign * fraction * 2 ** -24;
    else table[bits] = sign * (1024 + fraction) * 2 ** (exponent - 25);
  }
  cachedTable = table;
  return table;
}
