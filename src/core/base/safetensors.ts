/**
 * The safetensors format: an 8-byte header length, a JSON header, then the tensors' bytes, little
 * endian, without holes. https://github.com/huggingface/safetensors#format
 */
import { readBytes, withFile } from './byteSource.js';
import { failure } from './errors.js';
import { writeFileAtomicWith } from './files.js';
import { toFloat16 } from './halfFloat.js';
import { refusePointer } from './lfsPointer.js';
import { parseHeader } from './safetensorsHeader.js';
import { consecutiveParts, elementCount, isFloat, itemBytes, readFloats } from './storedTensor.js';
import type { StoredTensor } from './storedTensor.js';

export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export interface SafetensorsFile {
  /** Floating-point tensors as float32. */
  readonly tensors: Map<string, Tensor>;
  /** Types of the other tensors (counters, position tables), by name; their data is not read. */
  readonly others: ReadonlyMap<string, string>;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface WriteOptions {
  readonly dtype: 'F32' | 'F16';
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Reads the whole file; see `withSafetensors` for large ones. */
export async function readSafetensors(path: string): Promise<SafetensorsFile> {
  return withSafetensors(path, async (stored, metadata) => {
    const tensors = new Map<string, Tensor>();
    const others = new Map<string, string>();
    for (const [name, tensor] of stored) {
      if (isFloat(tensor)) {
        tensors.set(name, { shape: tensor.shape, data: await readFloats(tensor) });
      } else {
        others.set(name, tensor.dtype);
      }
    }
    return { tensors, others, metadata };
  });
}

/** Opens the file while `use` reads those tensors that it wants. */
export async function withSafetensors<T>(
  path: string,
  use: (
    tensors: ReadonlyMap<string, StoredTensor>,
    metadata: Readonly<Record<string, string>>,
  ) => Promise<T>,
): Promise<T> {
  return withFile(path, 'The weight file', async (source) => {
    const { size } = source;
    const broken = (what: string) =>
      failure(`The weight file ${path} is broken (${what}): copy or download it again.`);
    await refusePointer(path, source);
    if (size < 8) throw broken('it is too short for a header');
    const headerBytes = Number((await readBytes(source, 0, 8)).readBigUInt64LE(0));
    if (headerBytes > size - 8) throw broken('its header is longer than the file');
    if (headerBytes > longestHeader) throw broken('its header is longer than any model needs');
    const text = (await readBytes(source, 8, headerBytes)).toString('utf8');
    const { entries, metadata } = parseHeader(text, size - 8 - headerBytes, broken);
    const start = 8 + headerBytes;
    const stored = entries.map(({ name, dtype, shape, begin, end }): [string, StoredTensor] => [
      name,
      {
        dtype,
        shape,
        place: `${begin}:${name}`,
        parts: () => consecutiveParts(source, start + begin, end - begin),
      },
    ]);
    return use(new Map(stored), metadata);
  });
}

/** As in the reference implementation. */
const longestHeader = 100_000_000;

/** Writes the file atomically. */
export async function writeSafetensors(
  path: string,
  tensors: Iterable<readonly [string, Tensor]>,
  { dtype, metadata }: WriteOptions,
): Promise<void> {
  const stored = [...tensors].map(([name, { shape, data }]): [string, StoredTensor] => [
    name,
    { dtype, shape, place: name, parts: () => encoded(name, data, dtype) },
  ]);
  await writeStored(path, stored, metadata);
}

/** Copies tensors of other files as they are, part by part. Writes the file atomically. */
export async function writeStored(
  path: string,
  tensors: Iterable<readonly [string, StoredTensor]>,
  metadata?: Readonly<Record<string, string>>,
): Promise<void> {
  const header: Record<string, unknown> = {};
  if (metadata !== undefined) header['__metadata__'] = metadata;
  const ordered = [...tensors];
  let offset = 0;
  for (const [name, { dtype, shape }] of ordered) {
    const end = offset + elementCount(shape) * itemBytes[dtype]!;
    header[name] = { dtype, shape, data_offsets: [offset, end] };
    offset = end;
  }
  // Readers memory-map the file: pad the header with spaces so that data starts at a multiple of 8.
  const json = Buffer.from(JSON.stringify(header), 'utf8');
  const padded = Buffer.alloc(Math.ceil(json.length / 8) * 8, ' ');
  json.copy(padded);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  await writeFileAtomicWith(path, async (file) => {
    await file.writeFile(Buffer.concat([length, padded]));
    for (const [, tensor] of ordered) {
      for await (const part of tensor.parts()) await file.writeFile(part);
    }
  });
}

/** In one part. */
async function* encoded(
  name: string,
  data: Float32Array,
  dtype: 'F32' | 'F16',
): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(encode(name, data, dtype));
}

function encode(name: string, data: Float32Array, dtype: 'F32' | 'F16'): Uint8Array {
  if (dtype === 'F32') return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const halves = toFloat16(data);
  if (halves === null) {
    throw failure(
      `The tensor ${name} holds values beyond the range of F16: write the model as F32.`,
    );
  }
  return new Uint8Array(halves.buffer);
}
