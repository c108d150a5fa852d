/** Validates a safetensors header before any data is read. */
import type { UserError } from './errors.js';
import { elementCount, itemBytes } from './storedTensor.js';

export interface TensorEntry {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Offsets into the data section. */
  readonly begin: number;
  readonly end: number;
}

export function parseHeader(
  text: string,
  dataBytes: number,
  broken: (what: string) => UserError,
): { entries: readonly TensorEntry[]; metadata: Record<string, string> } {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw broken('its header is not JSON');
  }
  if (!isRecord(json)) throw broken('its header is not an object');
  const metadata: Record<string, string> = {};
  const entries: TensorEntry[] = [];
  for (const [name, value] of Object.entries(json)) {
    if (name === '__metadata__') {
      if (!isRecord(value)) throw broken('its metadata is not an object');
      for (const [key, entry] of Object.entries(value)) metadata[key] = String(entry);
    } else {
      entries.push(parseEntry(name, value, broken));
    }
  }
  checkCover(entries, dataBytes, broken);
  return { entries, metadata };
}

function parseEntry(
  name: string,
  value: unknown,
  broken: (what: string) => UserError,
): TensorEntry {
  if (!isRecord(value)) throw broken(`the entry of ${name} is not an object`);
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== 'string') throw broken(`${name} has no type`);
  if (!isSizes(shape)) throw broken(`${name} has no proper shape`);
  if (!isSizes(offsets) || offsets.length !== 2) throw broken(`${name} has no proper offsets`);
  const [begin, end] = offsets as [number, number];
  const bytes = itemBytes[dtype];
  const count = elementCount(shape);
  if (begin > end || (bytes !== undefined && end - begin !== count * bytes)) {
    throw broken(`the offsets of ${name} do not fit its shape`);
  }
  return { name, dtype, shape, begin, end };
}

/** The tensors must cover the data exactly: within bounds, with no overlaps or gaps. */
function checkCover(
  entries: TensorEntry[],
  dataBytes: number,
  broken: (what: string) => UserError,
): void {
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  let position = 0;
  for (const { name, begin, end } of entries) {
    if (end > dataBytes) throw broken(`it ends before the data of ${name}`);
    if (begin < position) throw broken(`the data of ${name} overlaps another tensor's`);
    if (begin > position) throw broken(`bytes before ${name} belong to no tensor`);
    position = end;
  }
  if (position !== dataBytes) throw broken('bytes at its end belong to no tensor');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && (n as number) >= 0);
}
