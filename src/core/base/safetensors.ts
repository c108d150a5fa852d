/**
 * The safetensors format: an 8-byte header length, a JSON header, then the tensors' bytes, little
 * endian, without holes. https://github.com/huggingface/safetensors#format
 */
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { failure, fromSystemError } from './errors.js';
import { writeFileAtomicWith } from './files.js';
import { fromBfloat16, fromFloat16, toFloat16 } from './halfFloat.js';
import { parseHeader } from './safetensorsHeader.js';
import type { TensorEntry } from './safetensorsHeader.js';

export type TensorDtype = 'F32' | 'F16' | 'BF16';

export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export interface SafetensorsFile {
  /** Floating-point tensors, widened to float32. */
  readonly tensors: Map<string, Tensor>;
  /** Types of the other tensors (counters, position tables), by name; their data is not read. */
  readonly others: ReadonlyMap<string, string>;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface WriteOptions {
  readonly dtype: 'F32' | 'F16';
  readonly metadata?: Readonly<Record<string, string>>;
}

export async function readSafetensors(path: string): Promise<SafetensorsFile> {
  return withHeader(path, async (file, { entries, metadata, dataStart }) => {
    const tensors = new Map<string, Tensor>();
    const others = new Map<string, string>();
    for (const entry of entries) {
      if (entry.dtype === 'F32' || entry.dtype === 'F16' || entry.dtype === 'BF16') {
        tensors.set(entry.name, await readTensor(file, entry, entry.dtype, dataStart));
      } else {
        others.set(entry.name, entry.dtype);
      }
    }
    return { tensors, others, metadata };
  });
}

/** Lists the names of all tensors without reading their data. */
export function readTensorNames(path: string): Promise<readonly string[]> {
  return withHeader(path, (_file, { entries }) => Promise.resolve(entries.map(({ name }) => name)));
}

interface Header {
  readonly entries: readonly TensorEntry[];
  readonly metadata: Readonly<Record<string, string>>;
  /** Position in the file to which the entries' offsets are relative. */
  readonly dataStart: number;
}

async function withHeader<T>(
  path: string,
  use: (file: FileHandle, header: Header) => Promise<T>,
): Promise<T> {
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch (error) {
    throw fromSystemError(error, `The weight file ${path}`);
  }
  try {
    const { size } = await file.stat();
    const broken = (what: string) =>
      failure(`The weight file ${path} is broken (${what}): copy or download it again.`);
    if (size < 8) throw broken('it is too short for a header');
    const headerBytes = Number((await readAt(file, 0, 8)).readBigUInt64LE(0));
    if (headerBytes > size - 8) throw broken('its header is longer than the file');
    const text = (await readAt(file, 8, headerBytes)).toString('utf8');
    const header = parseHeader(text, size - 8 - headerBytes, broken);
    return await use(file, { ...header, dataStart: 8 + headerBytes });
  } finally {
    await file.close();
  }
}

/** Writes the file atomically. */
export async function writeSafetensors(
  path: string,
  tensors: Iterable<readonly [string, Tensor]>,
  options: WriteOptions,
): Promise<void> {
  const itemBytes = options.dtype === 'F32' ? 4 : 2;
  const header: Record<string, unknown> = {};
  if (options.metadata !== undefined) header['__metadata__'] = options.metadata;
  const ordered = [...tensors];
  let offset = 0;
  for (const [name, { shape, data }] of ordered) {
    const end = offset + data.length * itemBytes;
    header[name] = { dtype: options.dtype, shape, data_offsets: [offset, end] };
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
    for (const [name, { data }] of ordered) await file.writeFile(encode(name, data, options.dtype));
  });
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

async function readTensor(
  file: FileHandle,
  entry: TensorEntry,
  dtype: TensorDtype,
  base: number,
): Promise<Tensor> {
  const count = entry.shape.reduce((product, n) => product * n, 1);
  const data = new Float32Array(count);
  if (dtype === 'F32') {
    await readInto(file, new Uint8Array(data.buffer), base + entry.begin);
  } else {
    const halves = new Uint16Array(count);
    await readInto(file, new Uint8Array(halves.buffer), base + entry.begin);
    if (dtype === 'F16') fromFloat16(halves, data);
    else fromBfloat16(halves, data);
  }
  return { shape: entry.shape, data };
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  await readInto(file, bytes, position);
  return bytes;
}

/** Fills `bytes`; one call reads at most 2 GiB. */
async function readInto(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const length = Math.min(bytes.length - done, 1 << 30);
    const { bytesRead } = await file.read(bytes, done, length, position + done);
    if (bytesRead === 0) throw failure('A weight file became shorter while it was read.');
    done += bytesRead;
  }
}
