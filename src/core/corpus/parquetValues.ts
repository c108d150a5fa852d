/** Values of Parquet as nested values, with every digit. */
import type { FileMetaData, ParquetParsers } from 'hyparquet';
import { parseJson } from './jsonParse.js';
import type { Nested } from './nested.js';

/** Digits after the point, by column. */
export type Decimals = ReadonlyMap<string, number>;

/** A double holds so many digits. */
const exactDigits = 15;

/**
 * Takes the type off decimals with more digits than a number holds, as database keys are often
 * written: their columns then come as integers or bytes. Changes the metadata.
 */
export function exactDecimals({ schema }: FileMetaData): Decimals {
  const decimals = new Map<string, number>();
  const depths: number[] = [];
  for (const element of schema) {
    while (depths.at(-1) === 0) depths.pop();
    const isTop = depths.length === 1;
    if (depths.length > 0) depths[depths.length - 1] = (depths.at(-1) ?? 0) - 1;
    if (element.num_children !== undefined && element.num_children > 0) {
      depths.push(element.num_children);
      continue;
    }
    const isLong = element.converted_type === 'DECIMAL' && (element.precision ?? 0) > exactDigits;
    // A column of bytes would be read as text.
    if (!isTop || !isLong || element.type === 'BYTE_ARRAY') continue;
    decimals.set(element.name, element.scale ?? 0);
    delete element.converted_type;
    delete element.logical_type;
  }
  return decimals;
}

export const parsers: Partial<ParquetParsers> = {
  // The usual parser throws, with a part of the text.
  jsonFromBytes: (bytes: Uint8Array | undefined) =>
    bytes === undefined
      ? undefined
      : (parseJson(Buffer.from(bytes).toString('utf8'))?.value ?? null),
};

/** @param scale of a decimal without its type */
export function nestedOf(value: unknown, scale?: number): Nested {
  if (value === null || value === undefined) return null;
  if (scale !== undefined) return decimalOf(value, scale);
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (value instanceof Date) return dateOf(value);
  if (value instanceof Uint8Array) return null;
  if (Array.isArray(value) || ArrayBuffer.isView(value)) {
    return Array.from(value as unknown as Iterable<unknown>, (item) => nestedOf(item));
  }
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, nestedOf(inner)]));
}

/** Without the time at midnight, as a column of days has it. */
function dateOf(date: Date): string | null {
  if (Number.isNaN(date.getTime())) return null;
  return date.toISOString().replace('T00:00:00.000Z', '');
}

function decimalOf(value: unknown, scale: number): string | null {
  const digits =
    value instanceof Uint8Array
      ? signed(value)
      : typeof value === 'bigint' || typeof value === 'number'
        ? BigInt(value)
        : null;
  if (digits === null) return null;
  const plain = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, '0');
  const cut = plain.length - scale;
  const text = scale === 0 ? plain : `${plain.slice(0, cut)}.${plain.slice(cut)}`;
  return digits < 0n ? `-${text}` : text;
}

/** Big-endian, two's complement. */
function signed(bytes: Uint8Array): bigint {
  if (bytes.length === 0) return 0n;
  return BigInt.asIntN(bytes.length * 8, BigInt(`0x${Buffer.from(bytes).toString('hex')}`));
}
