/** The forms in which models come: pickles, old names, untied heads, files of other programs. */
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSafetensors, writeStored } from '../../../src/core/base/safetensors.js';
import type { Tensor } from '../../../src/core/base/safetensors.js';
import { describeModel } from '../../../src/core/model/describeModel.js';
import { importFolder } from '../../../src/core/model/import.js';
import { modelHash } from '../../../src/core/model/modelFiles.js';
import { readModel } from '../../../src/core/model/readModel.js';
import bert from '../../golden/torch/bert.json' with { type: 'json' };
import { golden } from '../base/torch/files.js';
import { changeConfigOf, changeTensorsOf } from './changeModel.js';

const tiny = fileURLToPath(new URL('../../fixtures/tinyBert', import.meta.url));
const quiet = { signal: new AbortController().signal, onProgress: () => undefined };
let folder: string;
let model: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'forms-'));
  model = join(folder, 'model');
  cpSync(tiny, model, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Makes the model that of test/golden/torch, with these weight files. */
function withPickles(files: Readonly<Record<string, string>>): void {
  rmSync(join(model, 'model.safetensors'));
  cpSync(golden('config.json'), join(model, 'config.json'));
  for (const [from, to] of Object.entries(files)) cpSync(golden(from), join(model, to));
}

const forms: [string, Record<string, string>][] = [
  ['as torch writes it', { 'bert.bin': 'pytorch_model.bin' }],
  ['as torch wrote it before 1.6', { 'bert.legacy.bin': 'pytorch_model.bin' }],
  [
    'in several files',
    Object.fromEntries(
      readdirSync(golden('.'))
        .filter((name) => name.startsWith('pytorch_model'))
        .map((name) => [name, name]),
    ),
  ],
];

describe.each(forms)('A pickle %s', (_name, files) => {
  it('is read, old names and position ids included', async () => {
    withPickles(files);
    const { parameters, hasMlmHead } = await readModel(model);
    expect(hasMlmHead).toBe(true);
    const sums: Record<string, number> = bert.sums;
    for (const [name, values] of parameters) {
      const sum = values.reduce((total, value) => total + value, 0);
      expect(sum, name).toBeCloseTo(sums[name]!, 4);
    }
    expect(await describeModel(model)).toMatchObject({ architecture: 'bert', hasMlmHead: true });
  });

  it('is imported as safetensors, and nothing of it stays', async () => {
    withPickles(files);
    const target = join(folder, 'imported');
    await importFolder(model, target, quiet);
    expect(readdirSync(target).sort()).toEqual([
      'config.json',
      'model.safetensors',
      'tokenizer_config.json',
      'vocab.txt',
    ]);
    expect((await readModel(target)).parameters).toEqual((await readModel(model)).parameters);
    const { tensors, others, metadata } = await readSafetensors(join(target, 'model.safetensors'));
    expect(tensors.has('bert.embeddings.LayerNorm.gamma')).toBe(true);
    expect(others.get('bert.embeddings.position_ids')).toBe('I64');
    expect(metadata).toEqual({ format: 'pt' });
    expect(await modelHash(target)).not.toBe(await modelHash(model));
  });
});

it('Modules of sentence-transformers are imported too, as safetensors', async () => {
  for (const name of ['1_Pooling', '2_Dense', '3_Other', 'notes']) mkdirSync(join(model, name));
  for (const name of ['1_Pooling', '2_Dense'])
    writeFileSync(join(model, name, 'config.json'), '{}');
  cpSync(golden('values.zip.bin'), join(model, '2_Dense', 'pytorch_model.bin'));
  cpSync(join(model, 'model.safetensors'), join(model, '3_Other', 'model.safetensors'));
  writeFileSync(join(model, '3_Other', 'pytorch_model.bin'), 'left alone');
  writeFileSync(join(model, 'notes', 'config.json'), '{}');
  const target = join(folder, 'imported');
  await importFolder(model, target, quiet);
  expect(readdirSync(target)).not.toContain('notes');
  expect(readdirSync(join(target, '1_Pooling'))).toEqual(['config.json']);
  expect(readdirSync(join(target, '2_Dense')).sort()).toEqual(['config.json', 'model.safetensors']);
  expect(readdirSync(join(target, '3_Other'))).toEqual(['model.safetensors']);
  const { tensors } = await readSafetensors(join(target, '2_Dense', 'model.safetensors'));
  expect(tensors.get('transposed')?.shape).toEqual([5, 3]);
  // Stored once, since the two are one.
  expect([...tensors.keys()].filter((name) => ['whole', 'tied'].includes(name))).toEqual(['whole']);
});

it('Weights of 64 bits are rounded', async () => {
  const path = join(model, 'model.safetensors');
  const { tensors } = await readSafetensors(path);
  const wide = [...tensors].map(([name, { shape, data }]) => {
    const bytes = new Uint8Array(Float64Array.from(data).buffer);
    const parts = async function* (): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(bytes);
    };
    return [name, { dtype: 'F64', shape, place: name, parts }] as const;
  });
  const before = await readModel(model);
  await writeStored(path, wide);
  expect((await readModel(model)).parameters).toEqual(before.parameters);
});

it('Shards are imported under whatever names the index gives', async () => {
  const path = join(model, 'model.safetensors');
  const { tensors } = await readSafetensors(path);
  const before = await readModel(model);
  rmSync(path);
  const map: Record<string, string> = {};
  const names = ['encoder-part.safetensors', 'the rest.safetensors'];
  for (const [n, shard] of names.entries()) {
    const part = [...tensors].filter((_, i) => i % 2 === n);
    await writeStored(
      join(model, shard),
      part.map(([name, tensor]) => [name, storedFloats(tensor)]),
    );
    for (const [name] of part) map[name] = shard;
  }
  writeFileSync(join(model, 'model.safetensors.index.json'), JSON.stringify({ weight_map: map }));
  writeFileSync(join(model, 'unrelated.safetensors'), '');
  const target = join(folder, 'imported');
  await importFolder(model, target, quiet);
  expect(readdirSync(target)).toEqual(expect.arrayContaining(names));
  expect(readdirSync(target)).not.toContain('unrelated.safetensors');
  expect((await readModel(target)).parameters).toEqual(before.parameters);
});

function storedFloats({ shape, data }: Tensor): {
  dtype: string;
  shape: readonly number[];
  place: string;
  parts: () => AsyncGenerator<Uint8Array>;
} {
  const parts = async function* (): AsyncGenerator<Uint8Array> {
    yield await Promise.resolve(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  };
  return { dtype: 'F32', shape, place: '', parts };
}

const words = 'bert.embeddings.word_embeddings.weight';
const decoder = 'cls.predictions.decoder.weight';

describe('The output matrix', () => {
  it('stands for the word embeddings when only it was kept', async () => {
    const before = await readModel(model);
    await changeTensorsOf(model, (tensors) => {
      tensors.set(decoder, tensors.get(words)!);
      tensors.delete(words);
    });
    const after = await readModel(model, { needsMlmHead: true });
    expect(after.parameters).toEqual(before.parameters);
    await changeConfigOf(model, { tie_word_embeddings: false });
    await expect(readModel(model)).rejects.toThrow(/lacks the tensor bert\.embeddings\.word_emb/);
  });

  it('is compared by its values, in whatever type it is stored', async () => {
    const { tensors } = await readSafetensors(join(model, 'model.safetensors'));
    const { shape, data } = tensors.get(words)!;
    const small = new Float32Array(data.length).map((_, i) => (i % 7) - 3);
    data.set(small);
    const wide = new Uint8Array(Float64Array.from(small).buffer);
    const parts = async function* (): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(wide.subarray(0, 8));
      yield await Promise.resolve(wide.subarray(8));
    };
    await writeStored(join(model, 'model.safetensors'), [
      ...[...tensors].map(([name, tensor]) => [name, storedFloats(tensor)] as const),
      [decoder, { dtype: 'F64', shape, place: decoder, parts }],
    ]);
    expect((await readModel(model)).head).toBe('usable');
  });

  it('of its own is no head, and the encoder can be used without it', async () => {
    const before = await readModel(model);
    await changeConfigOf(model, { tie_word_embeddings: false });
    expect((await readModel(model)).head).toBe('missing');
    await changeTensorsOf(model, (tensors) => tensors.set(decoder, tensors.get(words)!));
    expect((await readModel(model)).head).toBe('usable');
    await changeTensorsOf(model, (tensors) => {
      const { shape, data } = tensors.get(words)!;
      tensors.set(decoder, { shape, data: data.map((value) => value + 1) });
    });
    const after = await readModel(model);
    expect(after.head).toBe('ownOutput');
    expect(after.parameters.get(words)).toEqual(before.parameters.get(words));
    expect([...after.parameters.keys()].some((name) => name.startsWith('cls'))).toBe(false);
    expect((await describeModel(model)).hasMlmHead).toBe(false);
    await expect(readModel(model, { needsMlmHead: true })).rejects.toThrow(
      /output matrix of its own \(cls\.predictions\.decoder\.weight\)/,
    );
  });
});

/** As transformers fills layers that it misses: the norm 1 and 0, biases 0, the matrix random. */
function invent(tensors: Map<string, Tensor>, isWanted: (name: string) => boolean): void {
  for (const [name, { data }] of tensors) {
    if (!isWanted(name)) continue;
    if (/LayerNorm\.weight$/.test(name)) data.fill(1);
    if (/bias$/.test(name)) data.fill(0);
  }
}

describe('A head that was never trained', () => {
  it('is no head', async () => {
    await changeTensorsOf(model, (tensors) => invent(tensors, (name) => name.startsWith('cls')));
    const { head, parameters } = await readModel(model);
    expect(head).toBe('untrained');
    expect([...parameters.keys()].some((name) => name.startsWith('cls'))).toBe(false);
    expect((await describeModel(model)).hasMlmHead).toBe(false);
    await expect(readModel(model, { needsMlmHead: true })).rejects.toThrow(/was never trained/);
  });

  it('is one if a single bias was trained, or if nothing in the model was', async () => {
    await changeTensorsOf(model, (tensors) => {
      invent(tensors, (name) => name.startsWith('cls'));
      tensors.get('cls.predictions.bias')!.data[7] = 0.001;
    });
    expect((await readModel(model)).head).toBe('usable');
    await changeTensorsOf(model, (tensors) => invent(tensors, () => true));
    expect((await readModel(model)).head).toBe('usable');
  });
});

describe('A config.json without model_type', () => {
  const withoutType = (fields: object): Promise<void> =>
    changeConfigOf(model, { model_type: undefined, ...fields });

  it('is known by its architecture, or by the names of its weights', async () => {
    await withoutType({ architectures: ['BertForPreTraining'] });
    expect((await readModel(model)).config.modelType).toBe('bert');
    await withoutType({ architectures: undefined });
    expect((await readModel(model)).config.modelType).toBe('bert');
  });

  it('is refused when nothing shows it for certain', async () => {
    await withoutType({ architectures: undefined });
    await changeTensorsOf(model, (tensors) => {
      for (const [name, tensor] of [...tensors]) {
        tensors.delete(name);
        tensors.set(name.replace(/^bert\./, ''), tensor);
      }
    });
    await expect(readModel(model)).rejects.toThrow(/does not say its model_type.*add it, such as/);
  });
});

const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 440449768\n`;

describe('What is no model', () => {
  it.each<[string, string, RegExp]>([
    ['tf_model.h5', '', /only for TensorFlow \(tf_model\.h5\): convert it in Python/],
    ['flax_model.msgpack', '', /only for Flax \(flax_model\.msgpack\): convert it in Python/],
    ['bert_model.ckpt.index', '', /only as a checkpoint of TensorFlow 1/],
    ['last.ckpt', '', /only as a checkpoint of a training program \(last\.ckpt\)/],
    ['model.Q4_K_M.gguf', '', /only as GGUF .*, a format for llama\.cpp: choose the original/],
    ['model.onnx', '', /only as ONNX, which can be run but not trained/],
    ['pytorch_model.bin', pointer, /only a Git LFS pointer.*run "git lfs pull"/],
    ['model.safetensors', pointer, /only a Git LFS pointer.*run "git lfs pull"/],
    ['model.safetensors', 'x', /too short/],
  ])('is named: %s', async (name, content, sentence) => {
    rmSync(join(model, 'model.safetensors'));
    writeFileSync(join(model, name), content);
    await expect(readModel(model)).rejects.toThrow(sentence);
    await expect(importFolder(model, join(folder, 'imported'), quiet)).rejects.toThrow(sentence);
  });

  it('is named: a vocabulary that is a pointer', async () => {
    writeFileSync(join(model, 'vocab.txt'), pointer);
    await expect(readModel(model)).rejects.toThrow(/vocab\.txt is only a Git LFS pointer/);
  });
});

it('A folder of the hub cache is read by its current snapshot', async () => {
  const cached = join(folder, 'models--clinic--tiny');
  mkdirSync(join(cached, 'refs'), { recursive: true });
  cpSync(model, join(cached, 'snapshots', 'a'.repeat(40)), { recursive: true });
  cpSync(model, join(cached, 'snapshots', 'b'.repeat(40)), { recursive: true });
  await changeTensorsOf(join(cached, 'snapshots', 'b'.repeat(40)), (tensors) =>
    tensors.get(words)!.data.fill(0.5),
  );
  const target = join(folder, 'imported');
  await expect(importFolder(cached, target, quiet)).rejects.toThrow(/several versions of a model/);
  writeFileSync(join(cached, 'refs', 'main'), 'b'.repeat(40));
  await importFolder(cached, target, quiet);
  expect((await readModel(target)).parameters.get(words)?.[0]).toBe(0.5);
  expect(readFileSync(join(target, 'vocab.txt'))).toEqual(readFileSync(join(model, 'vocab.txt')));
});
