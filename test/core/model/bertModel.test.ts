/** A BERT folder as transformers saves it, with vocab.txt: read, written, embedded, refused. */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../../src/core/base/errors.js';
import type { Tensor } from '../../../src/core/base/safetensors.js';
import { createEmbedder } from '../../../src/core/embed/embedder.js';
import { exportOnnx } from '../../../src/core/model/exportOnnx.js';
import { readModel } from '../../../src/core/model/readModel.js';
import { writeModel } from '../../../src/core/model/writeModel.js';
import { loadTokenizer } from '../../../src/core/tokens/loadTokenizer.js';
import golden from '../../golden/transformers/bertEmbeddings.json' with { type: 'json' };
import { changeConfigOf, changeTensorsOf } from './changeModel.js';

const fixture = fileURLToPath(new URL('../../fixtures/tinyBert', import.meta.url));
let folder: string;
let copy: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'notespace-bert-'));
  copy = join(folder, 'copy');
  await cp(fixture, copy, { recursive: true });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const changeTensors = (change: (tensors: Map<string, Tensor>) => void): Promise<void> =>
  changeTensorsOf(copy, change);
const changeConfig = (fields: object): Promise<void> => changeConfigOf(copy, fields);

describe('a BERT folder', () => {
  it('is read with its head and its whole window', async () => {
    const model = await readModel(copy, { needsMlmHead: true });
    expect(model.config).toMatchObject({ modelType: 'bert', padTokenId: 0, typeVocabularySize: 2 });
    expect(model.maxTokens).toBe(64);
    expect(model.hasMlmHead).toBe(true);
    expect(model.parameters.get('cls.predictions.bias')?.length).toBe(208);
  });

  it('embeds as transformers does, also after it was written', async () => {
    const { config, parameters } = await readModel(copy);
    const out = join(folder, 'out');
    await writeModel(out, {
      config,
      parameters,
      tokenizerFiles: (await loadTokenizer(copy)).files,
      card: '# Tiny\n',
      dtype: 'F32',
      trainingHashes: null,
      onnx: exportOnnx(config, parameters, { lowering: 'cpu' }),
    });
    for (const modelFolder of [copy, out]) {
      const cacheFolder = join(folder, 'cache');
      const embedder = await createEmbedder({
        modelFolder,
        cacheFolder,
        device: 'cpu',
        threads: 1,
      });
      const { vectors, tokens } = await embedder.embedPassages(golden.texts);
      await embedder.release();
      expect([...tokens]).toEqual(golden.lengths.map((length) => length - 2));
      golden.embeddings.flat().forEach((expected, i) => {
        expect(Math.abs(vectors[i]! - expected)).toBeLessThan(1e-4);
      });
    }
    const written = await readModel(out, { needsMlmHead: true });
    expect(written.config).toEqual(config);
    expect(written.parameters).toEqual(parameters);
    expect(written.rawConfig['architectures']).toEqual(['BertForMaskedLM']);
    expect(Object.keys(written.rawConfig).filter((name) => /^(bos|eos)_/.test(name))).toEqual([]);
  });

  it('is read in the spellings of old checkpoints', async () => {
    const before = await readModel(copy);
    await changeTensors((tensors) => {
      for (const [name, tensor] of [...tensors]) {
        tensors.delete(name);
        const old = name
          .replace('LayerNorm.weight', 'LayerNorm.gamma')
          .replace('LayerNorm.bias', 'LayerNorm.beta')
          .replace('cls.predictions.bias', 'cls.predictions.decoder.bias');
        tensors.set(old, tensor);
      }
      const words = tensors.get('bert.embeddings.word_embeddings.weight')!;
      tensors.set('cls.predictions.decoder.weight', words);
      tensors.set('cls.seq_relationship.weight', { shape: [2, 1], data: new Float32Array(2) });
    });
    const model = await readModel(copy, { needsMlmHead: true });
    expect(model.parameters).toEqual(before.parameters);
  });

  it('of sentence-transformers has no prefix and no head, and is written as a bare encoder', async () => {
    await changeTensors((tensors) => {
      for (const [name, tensor] of [...tensors]) {
        tensors.delete(name);
        if (name.startsWith('bert.')) tensors.set(name.slice('bert.'.length), tensor);
      }
    });
    const { config, parameters, hasMlmHead } = await readModel(copy);
    expect(hasMlmHead).toBe(false);
    await expect(readModel(copy, { needsMlmHead: true })).rejects.toThrow(/no masked-language/);
    const out = join(folder, 'out');
    const tokenizerFiles = (await loadTokenizer(copy)).files;
    const rest = { card: '', trainingHashes: null, onnx: null };
    await writeModel(out, { config, parameters, tokenizerFiles, dtype: 'F16', ...rest });
    const { rawConfig } = await readModel(out);
    expect(rawConfig).toMatchObject({ architectures: ['BertModel'], dtype: 'float32' });
  });

  const query = 'bert.encoder.layer.0.attention.self.query.weight';
  it.each<[string, () => Promise<unknown>, RegExp]>([
    [
      'a wrong-shaped tensor',
      () =>
        changeTensors((tensors) =>
          tensors.set(query, { shape: [16, 64], data: new Float32Array(1024) }),
        ),
      /query\.weight .* is \[16, 64\] where config\.json wants \[32, 32\]/,
    ],
    [
      'an untied head',
      () =>
        changeTensors((tensors) =>
          tensors.set('cls.predictions.decoder.weight', {
            shape: [208, 32],
            data: new Float32Array(208 * 32),
          }),
        ),
      /output matrix of its own \(cls\.predictions\.decoder\.weight\)/,
    ],
    ['another activation', () => changeConfig({ hidden_act: 'gelu_fast' }), /"gelu_fast"/],
    [
      'relative positions',
      () => changeConfig({ position_embedding_type: 'relative_key' }),
      /position embedding type "relative_key" is not supported/,
    ],
  ])('is refused for %s in one sentence', async (_name, damage, message) => {
    await damage();
    const read = readModel(copy, { needsMlmHead: true });
    await expect(read).rejects.toThrow(UserError);
    await expect(read).rejects.toThrow(message);
    await expect(read).rejects.toThrow(/^[^\n]*[^.\n]\.$/);
  });
});
