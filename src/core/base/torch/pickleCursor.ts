/** Reads the arguments of a pickle's opcodes, each within the bytes that there are. */
import type { UserError } from '../errors.js';

export interface PickleCursor {
  readonly position: () => number;
  readonly skip: (count: number) => void;
  readonly byte: () => number;
  readonly uint16: () => number;
  readonly int32: () => number;
  readonly uint32: () => number;
  /** Big endian, unlike the rest. */
  readonly float64: () => number;
  /** A signed integer of so many bytes: a number if that is exact. */
  readonly long: (length: number) => number | bigint;
  readonly bytes: (length: number) => Uint8Array;
  readonly text: (length: number) => string;
  /** Up to a line feed. */
  readonly line: () => string;
}

const longestLine = 512;

export function createCursor(
  source: Uint8Array,
  start: number,
  broken: (what: string) => UserError,
): PickleCursor {
  const view = new DataView(source.buffer, source.byteOffset, source.byteLength);
  let at = start;
  /** Position of the next `count` bytes. */
  const take = (count: number): number => {
    if (count > source.length - at) throw broken('its pickle ends too early');
    at += count;
    return at - count;
  };
  const bytes = (length: number): Uint8Array => {
    const from = take(length);
    return source.subarray(from, from + length);
  };
  return {
    position: () => at,
    skip: (count) => void take(count),
    byte: () => view.getUint8(take(1)),
    uint16: () => view.getUint16(take(2), true),
    int32: () => view.getInt32(take(4), true),
    uint32: () => view.getUint32(take(4), true),
    float64: () => view.getFloat64(take(8)),
    long: (length) => toInteger(bytes(length)),
    bytes,
    text: (length) => decoder.decode(bytes(length)),
    line() {
      const end = source.subarray(at, at + longestLine).indexOf(0x0a);
      if (end < 0) throw broken('its pickle holds a name without an end');
      const text = decoder.decode(bytes(end));
      take(1);
      return text;
    },
  };
}

const decoder = new TextDecoder();

function toInteger(bytes: Uint8Array): number | bigint {
  let value = 0n;
  for (const byte of bytes.toReversed()) value = (value << 8n) | BigInt(byte);
  value = BigInt.asIntN(8 * bytes.length, value);
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
