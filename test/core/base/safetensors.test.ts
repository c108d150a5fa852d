import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../../src/core/base/errors.js';
import { fromFloat16, toFloat16 } from '../../../src/core/base/halfFloat.js';
import { readSafetensors, writeSafetensors } from '../../../src/core/base/safetensors.js';
import golden from '../../golden/transformers/halves.json' with { type: 'json' };

const mixed = fileURLToPath(new URL('../../fixtures/mixed.safetensors', import.meta.url));
let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'notespace-safetensors-'));
  path = join(folder, 'x.safetensors');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('readSafetensors', () => {
  it('reads what Python wrote, in three types', async () => {
    const { tensors, others, metadata } = await readSafetensors(mixed);
    expect(metadata).toEqual({ format: 'pt' });
    expect(others).toEqual(new Map([['position_ids', 'I64']]));
    const expected = golden.tensors as Record<string, number[]>;
    expect([...tensors.keys()].sort()).toEqual(['brain', 'empty', 'half', 'scalar', 'whole']);
    for (const [name, { data }] of tensors) {
      expect(data).toEqual(Float32Array.from(expected[name]!));
    }
    expect(tensors.get('whole')?.shape).toEqual([2, 4]);
    expect(tensors.get('scalar')?.shape).toEqual([]);
    expect(tensors.get('empty')?.shape).toEqual([0, 3]);
  });

  const f32 = (begin: number, end: number, shape = [(end - begin) / 4]) => ({
    dtype: 'F32',
    shape,
    data_offsets: [begin, end],
  });
  it.each<[string, object | string, number, RegExp]>([
    ['a truncated file', { a: f32(0, 8) }, 4, /ends before the data of a/],
    ['overlapping tensors', { a: f32(0, 8), b: f32(4, 12) }, 12, /data of b overlaps/],
    ['a hole', { a: f32(0, 4), b: f32(8, 12) }, 12, /bytes before b belong to no tensor/],
    ['bytes at the end', { a: f32(0, 4) }, 9, /bytes at its end/],
    ['a shape that does not fit', { a: f32(0, 8, [3]) }, 8, /offsets of a do not fit/],
    ['offsets the wrong way', { a: f32(8, 0, []) }, 8, /offsets of a do not fit/],
    ['a negative size', { a: f32(0, 8, [-2]) }, 8, /no proper shape/],
    ['no offsets', { a: { dtype: 'F32', shape: [1] } }, 4, /no proper offsets/],
    ['a list', [], 0, /not an object/],
    ['broken JSON', '{"a": ', 0, /not JSON/],
  ])('refuses %s', async (_name, header, dataBytes, message) => {
    const text = typeof header === 'string' ? header : JSON.stringify(header);
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(text.length));
    await writeFile(path, Buffer.concat([length, Buffer.from(text), Buffer.alloc(dataBytes)]));
    const read = readSafetensors(path);
    await expect(read).rejects.toThrow(UserError);
    await expect(read).rejects.toThrow(message);
    await expect(read).rejects.toThrow(/is broken \(.*\): copy or download it again\.$/);
  });

  it('refuses files that are no such files at all', async () => {
    await writeFile(path, 'short');
    await expect(readSafetensors(path)).rejects.toThrow(/too short/);
    await writeFile(path, '<!doctype html><html>Not found</html>');
    await expect(readSafetensors(path)).rejects.toThrow(/header is longer than the file/);
    await expect(readSafetensors(join(folder, 'none'))).rejects.toThrow(/does not exist/);
  });
});

describe('writeSafetensors', () => {
  const tensors = new Map([
    ['a', { shape: [2, 2], data: Float32Array.of(1, -2.5, 1e-7, 65504) }],
    ['ü', { shape: [], data: Float32Array.of(3) }],
  ]);

  it('writes F32 that reads back bit for bit', async () => {
    await writeSafetensors(path, tensors, { dtype: 'F32', metadata: { format: 'pt' } });
    const read = await readSafetensors(path);
    expect(read.tensors).toEqual(tensors);
    expect(read.metadata).toEqual({ format: 'pt' });
    const bytes = await readFile(path);
    expect((8 + Number(bytes.readBigUInt64LE(0))) % 8).toBe(0);
  });

  it('writes F16 to its precision, and refuses what does not fit without leaving a file', async () => {
    await writeSafetensors(path, tensors, { dtype: 'F16' });
    const { data } = (await readSafetensors(path)).tensors.get('a')!;
    expect([...data]).toEqual([1, -2.5, 2 * 2 ** -24, 65504]);
    const large: [string, { shape: number[]; data: Float32Array }][] = [
      ['big', { shape: [1], data: Float32Array.of(65520) }],
    ];
    const other = join(folder, 'y.safetensors');
    await expect(writeSafetensors(other, large, { dtype: 'F16' })).rejects.toThrow(
      /big holds values beyond the range of F16: write the model as F32/,
    );
    expect(await readdir(folder)).toEqual(['x.safetensors']);
  });
});

describe('toFloat16', () => {
  it('rounds as torch does', () => {
    const floats = new Float32Array(Uint32Array.from(golden.float32).buffer);
    expect([...toFloat16(floats)!]).toEqual(golden.float16);
  });

  it('takes every half there is back to itself', () => {
    const halves = Uint16Array.from({ length: 0x10000 }, (_, i) => i).filter(
      (bits) => (bits & 0x7c00) !== 0x7c00 || (bits & 0x3ff) === 0,
    );
    const floats = new Float32Array(halves.length);
    fromFloat16(halves, floats);
    expect(toFloat16(floats)).toEqual(halves);
  });
});
