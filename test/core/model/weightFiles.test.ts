/** Weights that are split over several files, as transformers splits those of large models. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../../src/core/base/errors.js';
import { readSafetensors, writeSafetensors } from '../../../src/core/base/safetensors.js';
import { describeModel } from '../../../src/core/model/describeModel.js';
import { importFolder } from '../../../src/core/model/import.js';
import { modelHash } from '../../../src/core/model/modelFiles.js';
import { readModel } from '../../../src/core/model/readModel.js';

const fixture = fileURLToPath(new URL('../../fixtures/tinyBert', import.meta.url));
const shards = [1, 2, 3].map((n) => `model-0000${n}-of-00003.safetensors`);
const indexName = 'model.safetensors.index.json';
let copy: string;

interface Index {
  weight_map: Record<string, string>;
}

beforeEach(async () => {
  copy = await mkdtemp(join(tmpdir(), 'notespace-shards-'));
  await cp(fixture, copy, { recursive: true });
  const whole = join(copy, 'model.safetensors');
  const tensors = [...(await readSafetensors(whole)).tensors];
  const index: Index = { weight_map: {} };
  for (const [n, shard] of shards.entries()) {
    const part = tensors.filter((_, i) => i % shards.length === n);
    await writeSafetensors(join(copy, shard), part, { dtype: 'F32' });
    for (const [name] of part) index.weight_map[name] = shard;
  }
  await writeIndex(index);
  await rm(whole);
});
afterEach(() => rm(copy, { recursive: true, force: true }));

function writeIndex(index: unknown): Promise<void> {
  return writeFile(join(copy, indexName), JSON.stringify(index));
}

async function changeIndex(change: (map: Record<string, string>) => void): Promise<void> {
  const index = JSON.parse(await readFile(join(copy, indexName), 'utf8')) as Index;
  change(index.weight_map);
  await writeIndex(index);
}

describe('weights in several files', () => {
  it('are imported with their index, and described as the one file is', async () => {
    const target = join(copy, 'imported');
    const signal = new AbortController().signal;
    await importFolder(copy, target, { signal, onProgress: () => undefined });
    expect((await readModel(target)).parameters).toEqual((await readModel(fixture)).parameters);
    const { bytes: _bytes, ...described } = await describeModel(target);
    const { bytes: _other, ...whole } = await describeModel(fixture);
    expect(described).toEqual(whole);
  });

  it('are those of the one file', async () => {
    const model = await readModel(copy, { needsMlmHead: true });
    expect(model.parameters).toEqual((await readModel(fixture)).parameters);
  });

  it('all count in the hash of the model', async () => {
    const before = await modelHash(copy);
    const path = join(copy, shards[1]!);
    const { tensors } = await readSafetensors(path);
    for (const { data } of tensors.values()) data[0] = 7;
    await writeSafetensors(path, tensors, { dtype: 'F32' });
    expect(await modelHash(copy)).not.toBe(before);
  });

  it.each<[string, () => Promise<unknown>, RegExp]>([
    [
      'a missing file',
      () => rm(join(copy, shards[1]!)),
      /lacks its weight file model-00002-of-00003\.safetensors/,
    ],
    [
      'a tensor that is not where the index says',
      () => changeIndex((map) => (map['bert.pooler.dense.weight'] = shards[2]!)),
      /model-00003-of-00003\.safetensors .* lacks the tensor bert\.pooler\.dense\.weight/,
    ],
    [
      'a name that leads out of the folder',
      () => changeIndex((map) => (map['cls.predictions.bias'] = '../secret.safetensors')),
      /does not say which tensor is in which weight file/,
    ],
    ['an index without a map', () => writeIndex({ weight_map: [] }), /does not say which tensor/],
    ['a broken file', () => writeFile(join(copy, shards[0]!), 'x'), /00001-of-00003.* is broken/],
  ])('are refused for %s in one sentence', async (_name, damage, message) => {
    await damage();
    const read = readModel(copy);
    await expect(read).rejects.toThrow(UserError);
    await expect(read).rejects.toThrow(message);
  });
});
