import { cp, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../../src/core/base/errors.js';
import type { Tensor } from '../../../src/core/base/safetensors.js';
import { createEmbedder } from '../../../src/core/embed/embedder.js';
import { ensureOnnx } from '../../../src/core/model/ensureOnnx.js';
import { exportOnnx } from '../../../src/core/model/exportOnnx.js';
import { modelHash } from '../../../src/core/model/modelFiles.js';
import { readModel } from '../../../src/core/model/readModel.js';
import { createTrainingHashes } from '../../../src/core/model/trainingHashes.js';
import { writeModel } from '../../../src/core/model/writeModel.js';
import type { ModelToWrite } from '../../../src/core/model/writeModel.js';
import { loadTokenizer } from '../../../src/core/tokens/loadTokenizer.js';
import evil from '../../golden/torch/evil.json' with { type: 'json' };
import golden from '../../golden/transformers/embeddings.json' with { type: 'json' };
import { zipOf } from '../base/torch/files.js';
import { changeConfigOf, changeTensorsOf } from './changeModel.js';

const fixture = fileURLToPath(new URL('../../fixtures/tinyRoberta', import.meta.url));
let folder: string;
let copy: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'notespace-model-'));
  copy = join(folder, 'copy');
  await cp(fixture, copy, { recursive: true });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const changeTensors = (change: (tensors: Map<string, Tensor>) => void): Promise<void> =>
  changeTensorsOf(copy, change);
const changeConfig = (fields: object): Promise<void> => changeConfigOf(copy, fields);

describe('readModel', () => {
  it('reads what transformers saved', async () => {
    const model = await readModel(copy, { needsMlmHead: true });
    expect(model.config).toMatchObject({ hiddenLayers: 2, hiddenSize: 32, vocabularySize: 330 });
    expect(model.maxTokens).toBe(64);
    expect(model.hasMlmHead).toBe(true);
    expect(model.trainingHashes).toBeNull();
    expect(model.parameters.get('lm_head.bias')?.length).toBe(330);
    expect(model.rawConfig['model_type']).toBe('roberta');
  });

  it('reads a bare encoder without prefix, with old names, and says that it has no head', async () => {
    const before = await readModel(copy);
    await changeTensors((tensors) => {
      for (const [name, tensor] of [...tensors]) {
        tensors.delete(name);
        if (name.startsWith('lm_head')) continue;
        const old = name
          .replace('roberta.', '')
          .replace('LayerNorm.weight', 'LayerNorm.gamma')
          .replace('LayerNorm.bias', 'LayerNorm.beta');
        tensors.set(old, tensor);
      }
    });
    const model = await readModel(copy);
    expect(model.hasMlmHead).toBe(false);
    for (const [name, values] of model.parameters) {
      expect(values).toEqual(before.parameters.get(name));
    }
    await expect(readModel(copy, { needsMlmHead: true })).rejects.toThrow(
      /no masked-language-model head/,
    );
  });

  const layer = 'roberta.encoder.layer.1.output.dense.weight';
  it.each<[string, () => Promise<unknown>, RegExp]>([
    [
      'a missing tensor',
      () => changeTensors((tensors) => tensors.delete(layer)),
      new RegExp(`lacks the tensor ${layer}`),
    ],
    [
      'a wrong-shaped tensor',
      () =>
        changeTensors((tensors) =>
          tensors.set(layer, { shape: [64, 32], data: new Float32Array(2048) }),
        ),
      /layer\.1\.output\.dense\.weight .* is \[64, 32\] where config\.json wants \[32, 64\]/,
    ],
    ['another vocabulary', () => changeConfig({ vocab_size: 331 }), /\[330, 32\] .*\[331, 32\]/],
    ...[Number.NaN, Infinity, -Infinity].map((value): [string, () => Promise<unknown>, RegExp] => [
      `a weight of ${value}`,
      () => changeTensors((tensors) => tensors.get('lm_head.dense.weight')!.data.fill(value, -1)),
      /tensor lm_head\.dense\.weight of .* not numbers: fetch the model again/,
    ]),
    ['another activation', () => changeConfig({ hidden_act: 'tanh' }), /tanh/],
    ['no config.json', () => rm(join(copy, 'config.json')), /because it has no config\.json/],
    [
      'the outer folder of an old sentence-transformers model',
      async () => {
        await rm(join(copy, 'config.json'));
        await mkdir(join(copy, '0_Transformer'));
      },
      /choose its folder 0_Transformer/,
    ],
    [
      'a broken config.json',
      () => writeFile(join(copy, 'config.json'), '{'),
      /config\.json is not a JSON object/,
    ],
    [
      'no weights',
      () => rm(join(copy, 'model.safetensors')),
      /has no weights, because model\.safetensors is missing/,
    ],
    [
      'a pickle that would run code',
      async () => {
        await rm(join(copy, 'model.safetensors'));
        const pickle = Buffer.from(evil['posix.system'], 'hex');
        await writeFile(join(copy, 'pytorch_model.bin'), zipOf(pickle));
      },
      /asks for posix\.system, which no weights need/,
    ],
    [
      'pickles in several files that are named nowhere',
      async () => {
        await rm(join(copy, 'model.safetensors'));
        await writeFile(join(copy, 'pytorch_model.bin.index.json'), '{}');
      },
      /pytorch_model\.bin\.index\.json of .* does not say which tensor is in which weight file/,
    ],
    [
      'an index of weight files that names none',
      async () => {
        await rm(join(copy, 'model.safetensors'));
        await writeFile(join(copy, 'model.safetensors.index.json'), '{}');
      },
      /does not say which tensor is in which weight file/,
    ],
    ['no folder', () => rm(copy, { recursive: true }), /There is no model folder/],
  ])('refuses %s in one sentence', async (_name, damage, message) => {
    await damage();
    const read = readModel(copy);
    await expect(read).rejects.toThrow(UserError);
    await expect(read).rejects.toThrow(message);
  });

  it('refuses a file that is named as a model', async () => {
    await expect(readModel(join(copy, 'config.json'))).rejects.toThrow(/is a file/);
  });
});

async function modelToWrite(fields: Partial<ModelToWrite> = {}): Promise<ModelToWrite> {
  const { config, parameters } = await readModel(copy);
  return {
    config,
    parameters,
    tokenizerFiles: (await loadTokenizer(copy)).files,
    card: '# Tiny\n',
    dtype: 'F32',
    trainingHashes: null,
    onnx: exportOnnx(config, parameters, { lowering: 'cpu' }),
    ...fields,
  };
}

describe('writeModel', () => {
  it('writes a folder that reads back as it was', async () => {
    const out = join(folder, 'deep', 'out');
    const trainingHashes = createTrainingHashes(['A note.', 'Another'], 'salt');
    const model = await modelToWrite({ trainingHashes, categoryField: 'ward' });
    await writeModel(out, model);
    const read = await readModel(out, { needsMlmHead: true });
    expect(read.config).toEqual(model.config);
    expect(read.parameters).toEqual(model.parameters);
    expect(read.trainingHashes).toEqual(trainingHashes);
    expect(read.categoryField).toBe('ward');
    expect(await readdir(join(folder, 'deep'))).toEqual(['out']);
    const cacheFolder = join(folder, 'cache');
    // Its own ONNX file is used, so that the cache is not even made.
    const onnx = await ensureOnnx(out, cacheFolder, 'cpu');
    expect(onnx).toBe(join(out, 'onnx', 'model.onnx'));
    const options = { modelFolder: out, cacheFolder, device: 'cpu' as const, threads: 1 };
    const embedder = await createEmbedder(options);
    const { vectors } = await embedder.embedPassages(golden.texts);
    await embedder.release();
    golden.embeddings.flat().forEach((expected, i) => {
      expect(Math.abs(vectors[i]! - expected)).toBeLessThan(1e-4);
    });
  });

  it('replaces a model, but no other folder', async () => {
    const model = await modelToWrite();
    await writeModel(copy, { ...model, dtype: 'F16' });
    expect(await readdir(folder)).toEqual(['copy']);
    const theirs = join(folder, 'theirs');
    await mkdir(theirs);
    await writeFile(join(theirs, 'thesis.docx'), '');
    await expect(writeModel(theirs, model)).rejects.toThrow(/holds other files/);
    await expect(writeModel(join(theirs, 'thesis.docx'), model)).rejects.toThrow(/is a file/);
    expect(await readdir(theirs)).toEqual(['thesis.docx']);
  });

  it('leaves nothing half-written', async () => {
    const model = await modelToWrite({ dtype: 'F16' });
    model.parameters.get('roberta.embeddings.LayerNorm.bias')![0] = 1e6;
    const out = join(folder, 'out');
    await expect(writeModel(out, model)).rejects.toThrow(/beyond the range of F16/);
    expect(await readdir(folder)).toEqual(['copy']);
    const before = await modelHash(copy);
    await expect(writeModel(copy, model)).rejects.toThrow(/beyond the range of F16/);
    expect(await modelHash(copy)).toBe(before);
  });
});

describe('ensureOnnx', () => {
  it('makes a file once, in the cache, and another for other weights', async () => {
    const cache = join(folder, 'cache');
    const path = await ensureOnnx(copy, cache, 'cpu');
    expect(path.startsWith(cache)).toBe(true);
    await writeFile(path, 'as it was');
    expect(await ensureOnnx(copy, cache, 'cpu')).toBe(path);
    expect(await readFile(path, 'utf8')).toBe('as it was');
    expect(await ensureOnnx(copy, cache, 'webgpu')).not.toBe(path);
    await changeTensors((tensors) => tensors.get('lm_head.bias')!.data.fill(0.5));
    expect(await ensureOnnx(copy, cache, 'cpu')).not.toBe(path);
  });

  it('does not trust an ONNX file that is not of these weights', async () => {
    const out = join(folder, 'out');
    await writeModel(out, await modelToWrite());
    await cp(join(copy, 'config.json'), join(out, 'config.json'));
    expect(await ensureOnnx(out, join(folder, 'cache'), 'cpu')).toContain('cache');
  });
});

describe('modelHash', () => {
  it('follows the content, not the place', async () => {
    const hash = await modelHash(fixture);
    expect(await modelHash(copy)).toBe(hash);
    await writeFile(join(copy, 'README.md'), 'A card.');
    expect(await modelHash(copy)).toBe(hash);
    await writeFile(join(copy, 'tokenizer_config.json'), '{}');
    expect(await modelHash(copy)).not.toBe(hash);
  });
});
