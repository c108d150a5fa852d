import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inMemory } from '../../../../src/core/base/byteSource.js';
import { UserError } from '../../../../src/core/base/errors.js';
import { withTorchFile } from '../../../../src/core/base/torch/torchFile.js';
import evil from '../../../golden/torch/evil.json' with { type: 'json' };
import expected from '../../../golden/torch/values.json' with { type: 'json' };
import { golden, goldenBytes, legacyFile, readAll, zipFile, zipOf } from './files.js';
import { openTorchFile } from '../../../../src/core/base/torch/torchFile.js';

const kinds = ['values.zip.bin', 'values.protocol4.bin', 'values.legacy.bin'];

describe.each(kinds)('%s', (name) => {
  it('holds what torch saved, in every type and layout', async () => {
    const values = await readAll(goldenBytes(name));
    expect([...values.keys()].sort()).toEqual(Object.keys(expected).sort());
    for (const [tensor, { values: numbers }] of Object.entries(expected)) {
      expect(values.get(tensor), tensor).toEqual(Float32Array.from(numbers));
    }
  });

  it('says shapes, types and which tensors are one', async () => {
    await withTorchFile(golden(name), (tensors) => {
      for (const [tensor, { shape }] of Object.entries(expected)) {
        expect(tensors.get(tensor)?.shape, tensor).toEqual(shape);
      }
      expect(tensors.get('double')?.dtype).toBe('F64');
      expect(tensors.get('position_ids')?.dtype).toBe('I64');
      expect(tensors.get('tied')?.place).toBe(tensors.get('whole')?.place);
      expect(tensors.get('slice')?.place).not.toBe(tensors.get('column')?.place);
      expect(tensors.has('steps')).toBe(false);
      return Promise.resolve();
    });
  });
});

describe('A pickle that names what no weights need', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'evil-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it.each(Object.entries(evil))('is refused by that name: %s', async (name, hex) => {
    const pickle = Buffer.from(hex, 'hex');
    const [full = ''] = name.split(' ');
    for (const bytes of [zipOf(pickle), legacyFile(pickle)]) {
      const path = join(folder, 'pytorch_model.bin');
      writeFileSync(path, bytes);
      const read = withTorchFile(path, () => Promise.resolve());
      await expect(read).rejects.toThrow(UserError);
      await expect(read).rejects.toThrow(`asks for ${full}, which no weights need`);
    }
    expect(existsSync('evil')).toBe(false);
  });

  it('is shown without what could deceive a reader', async () => {
    const named = Buffer.from(`\x80\x02cos\nsy\x1b[31mstem ${'x'.repeat(300)}\n.`, 'latin1');
    const read = readAll(zipOf(named));
    await expect(read).rejects.toThrow(/asks for os\.sy\?\?31mstem\?x+…, /);
  });
});

it('No file of the reader can run code', () => {
  const folder = fileURLToPath(new URL('../../../../src/core/base/torch', import.meta.url));
  const files = readdirSync(folder);
  expect(files.length).toBeGreaterThan(5);
  for (const name of files) {
    const text = readFileSync(join(folder, name), 'utf8');
    expect(text, name).not.toMatch(
      /\beval\b|\bFunction\(|import\(|require\(|child_process|node:vm|globalThis/,
    );
  }
});

const empty = Buffer.from('\x80\x02}.', 'latin1');

describe('A file that is not what torch writes', () => {
  it.each<[string, Buffer, RegExp]>([
    ['nothing', Buffer.alloc(0), /no file of torch\.save/],
    ['a web page', Buffer.from('<!doctype html>'), /no file of torch\.save/],
    [
      'half a zip file',
      goldenBytes('values.zip.bin').subarray(0, 2000),
      /ends without a directory/,
    ],
    [
      'half an old file',
      goldenBytes('values.legacy.bin').subarray(0, 2300),
      /ends before the data/,
    ],
    ['no tensors', zipOf(empty), /no tensors by name/],
    ['a list', zipOf(Buffer.from('\x80\x02].', 'latin1')), /no dictionary of tensors/],
    ['an unknown opcode', zipOf(Buffer.from('\x80\x02\x81.', 'latin1')), /opcode 0x81/],
    ['another zip file', zipFile([{ name: 'word/document.xml', data: empty }]), /no data\.pkl/],
    [
      'compressed entries',
      zipFile([{ name: 'a/data.pkl', data: empty, claimed: { method: 8 } }]),
      /compressed, which torch never does/,
    ],
    [
      'an entry beyond the file',
      zipFile([{ name: 'a/data.pkl', data: empty, claimed: { bytes: 1 << 30 } }]),
      /outside it/,
    ],
    [
      'two entries of one name',
      zipFile([1, 2].map(() => ({ name: 'a/data.pkl', data: empty }))),
      /two of its entries have one name/,
    ],
    [
      'big-endian numbers',
      zipOf(empty, [{ name: 'archive/byteorder', data: Buffer.from('big') }]),
      /big endian/,
    ],
    [
      'a pickle that never ends',
      zipOf(Buffer.alloc(2_000_000, '}')),
      /longer than any weights need/,
    ],
    [
      'a pickle with a hole',
      zipOf(Buffer.from('\x80\x02h\x05.', 'latin1')),
      /refers to what it never/,
    ],
  ])('with %s is refused in a sentence', async (_name, bytes, sentence) => {
    const read = readAll(bytes);
    await expect(read).rejects.toThrow(UserError);
    await expect(read).rejects.toThrow(sentence);
  });

  const tensor = (storage: string, offset: string, shape: string, strides: string): Buffer =>
    Buffer.from(
      `\x80\x02}X\x01\x00\x00\x00actorch._utils\n_rebuild_tensor_v2\n((X\x07\x00\x00\x00storagectorch\n` +
        `FloatStorage\nX\x01\x00\x00\x000X\x03\x00\x00\x00cpu${storage}tQ${offset}${shape}${strides}` +
        `\x89NtRs.`,
      'latin1',
    );
  const data = { name: 'archive/data/0', data: Buffer.alloc(16) };

  it.each<[string, Buffer, RegExp | null]>([
    ['that fits', tensor('K\x04', 'K\x00', 'K\x02K\x02\x86', 'K\x02K\x01\x86'), null],
    [
      'beyond its storage',
      tensor('K\x04', 'K\x01', 'K\x04\x85', 'K\x01\x85'),
      /larger than its storage/,
    ],
    [
      'repeated without end',
      tensor('K\x04', 'K\x00', 'J\xff\xff\xff\x7f\x85', 'K\x00\x85'),
      /larger than/,
    ],
    [
      'of a negative size',
      tensor('K\x04', 'K\x00', 'J\xff\xff\xff\xff\x85', 'K\x01\x85'),
      /no proper tensor/,
    ],
    ['whose data is short', tensor('K\x05', 'K\x00', 'K\x05\x85', 'K\x01\x85'), /too short/],
    ['without a stride', tensor('K\x04', 'K\x00', 'K\x02K\x02\x86', 'K\x01\x85'), /lacks a stride/],
  ])('with a tensor %s is read or refused', async (_name, pickle, sentence) => {
    const read = readAll(zipOf(pickle, [data]));
    if (sentence === null) expect((await read).get('a')).toEqual(new Float32Array(4));
    else await expect(read).rejects.toThrow(sentence);
  });

  it('lacks data only when somebody asks for it', async () => {
    const pickle = tensor('K\x04', 'K\x00', 'K\x04\x85', 'K\x01\x85');
    const tensors = await openTorchFile(inMemory(zipOf(pickle), 'A file'), 'x.bin');
    expect(tensors.get('a')?.shape).toEqual([4]);
    await expect(readAll(zipOf(pickle))).rejects.toThrow(/lacks the data of a tensor/);
  });
});

it('Sizes of more than 32 bits are read from the fields of zip64', async () => {
  const bytes = goldenBytes('values.zip.bin');
  const end = bytes.lastIndexOf(Buffer.from('504b0506', 'hex'));
  const [count, length, start] = [
    bytes.readUInt16LE(end + 10),
    bytes.readUInt32LE(end + 12),
    bytes.readUInt32LE(end + 16),
  ] as const;
  const record = Buffer.alloc(56);
  record.writeUInt32LE(0x06064b50, 0);
  [count, count, length, start].forEach((n, i) => record.writeBigUInt64LE(BigInt(n), 24 + 8 * i));
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(start + length), 8);
  const last = Buffer.from(bytes.subarray(end));
  last.fill(0xff, 8, 20);
  const long = Buffer.concat([bytes.subarray(0, start + length), record, locator, last]);
  expect(await readAll(long)).toEqual(await readAll(bytes));
});
