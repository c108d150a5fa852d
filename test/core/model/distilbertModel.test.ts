/** A DistilBERT folder as transformers saves it, with vocab.txt: read, written, embedded, refused. */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../../src/core/base/errors.js';
import type { Tensor } from '../../../src/core/base/safetensors.js';
import { createEmbedder } from '../../../src/core/embed/embedder.js';
import { describeModel } from '../../../src/core/model/describeModel.js';
import { exportOnnx } from '../../../src/core/model/exportOnnx.js';
import { readModel } from '../../../src/core/model/readModel.js';
import { writeModel } from '../../../src/core/model/writeModel.js';
import { loadTokenizer } from '../../../src/core/tokens/loadTokenizer.js';
import golden from '../../golden/transformers/distilbertEmbeddings.json' with { type: 'json' };
import { changeConfigOf, changeTensorsOf } from './changeModel.js';

const fixture = fileURLToPath(new URL('../../fixtures/tinyDistilbert', import.meta.url));
let folder: string;
let copy: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'notespace-distilbert-'));
  copy = join(folder, 'copy');
  await cp(fixture, copy, { recursive: true });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const changeTensors = (change: (tensors: Map<string, Tensor>) => void): Promise<void> =>
  changeTensorsOf(copy, change);

describe('a DistilBERT folder', () => {
  it('is read with its head and its whole window', async () => {
    const model = await readModel(copy, { needsMlmHead: true });
    expect(model.config).toMatchObject({ modelType: 'distilbert', typeVocabularySize: 0 });
    expect(model.maxTokens).toBe(64);
    expect(model.parameters.get('vocab_projector.bias')?.length).toBe(model.config.vocabularySize);
    expect(await describeModel(copy)).toMatchObject({
      architecture: 'distilbert',
      layers: 2,
      hiddenSize: 32,
      hasMlmHead: true,
    });
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
    expect(written.rawConfig).toMatchObject({
      architectures: ['DistilBertForMaskedLM'],
      dim: 32,
      n_layers: 2,
      sinusoidal_pos_embds: false,
    });
    // BERT's tokenizer hands out token types, which transformers would pass on.
    expect((await loadTokenizer(out)).files.tokenizerConfig).toMatchObject({
      model_input_names: ['input_ids', 'attention_mask'],
    });
  });

  it('without prefix or head is read as a bare encoder', async () => {
    await changeTensors((tensors) => {
      for (const [name, tensor] of [...tensors]) {
        tensors.delete(name);
        if (!name.startsWith('vocab_')) tensors.set(name.replace('distilbert.', ''), tensor);
      }
    });
    const { hasMlmHead, parameters } = await readModel(copy);
    expect(hasMlmHead).toBe(false);
    expect([...parameters.keys()].every((name) => name.startsWith('distilbert.'))).toBe(true);
    expect((await describeModel(copy)).hasMlmHead).toBe(false);
    await expect(readModel(copy, { needsMlmHead: true })).rejects.toThrow(/no masked-language/);
  });

  it.each<[string, () => Promise<unknown>, RegExp]>([
    [
      'an untied head',
      () =>
        changeTensors((tensors) =>
          tensors.set('vocab_projector.weight', {
            shape: [208, 32],
            data: new Float32Array(208 * 32),
          }),
        ),
      /output matrix of its own \(vocab_projector\.weight\)/,
    ],
    ['another activation', () => changeConfigOf(copy, { activation: 'tanh' }), /"tanh"/],
    [
      'a missing tensor',
      () => changeTensors((tensors) => tensors.delete('distilbert.embeddings.LayerNorm.weight')),
      /lacks the tensor distilbert\.embeddings\.LayerNorm\.weight/,
    ],
  ])('is refused for %s in one sentence', async (_name, damage, message) => {
    await damage();
    const read = readModel(copy, { needsMlmHead: true });
    await expect(read).rejects.toThrow(UserError);
    await expect(read).rejects.toThrow(message);
    await expect(read).rejects.toThrow(/^[^\n]*[^.\n]\.$/);
  });
});
