/** ModernBERT and NomicBERT folders as transformers saves them: read, written, embedded, refused. */
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEmbedder } from '../../../src/core/embed/embedder.js';
import { parseEncoderConfig } from '../../../src/core/encoder/huggingFaceConfig.js';
import { exportOnnx } from '../../../src/core/model/exportOnnx.js';
import { readModel } from '../../../src/core/model/readModel.js';
import { writeModel } from '../../../src/core/model/writeModel.js';
import { loadTokenizer } from '../../../src/core/tokens/loadTokenizer.js';
import modernbertGolden from '../../golden/transformers/modernbertEmbeddings.json' with { type: 'json' };
import nomicGolden from '../../golden/transformers/nomicBertEmbeddings.json' with { type: 'json' };
import modernbertFile from '../../golden/modernbert/modernbert.json' with { type: 'json' };
import nomicFile from '../../golden/nomicBert/nomicBert.json' with { type: 'json' };
import { changeTensorsOf } from './changeModel.js';

let folder: string;
let copy: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'notespace-rotary-'));
  copy = join(folder, 'copy');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const copyOf = (name: string): Promise<void> =>
  cp(fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url)), copy, { recursive: true });

describe.each([
  ['tinyModernbert', modernbertGolden, { layer_types: ['full_attention', 'sliding_attention'] }],
  ['tinyNomicBert', nomicGolden, { n_embd: 32, hidden_size: 32, activation_function: 'swiglu' }],
] as const)('the folder %s', (name, golden, written) => {
  it('embeds as transformers does, also after it was written', async () => {
    await copyOf(name);
    const { config, parameters } = await readModel(copy, { needsMlmHead: true });
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
    // Python refuses a whole number where a family's dropout is a float.
    expect(await readFile(join(out, 'config.json'), 'utf8')).not.toMatch(
      /(dropout|prob)": \d+,?$/m,
    );
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
    const again = await readModel(out, { needsMlmHead: true });
    expect(again.config).toEqual(config);
    expect(again.parameters).toEqual(parameters);
    expect(again.rawConfig).toMatchObject(written);
  });
});

describe('a NomicBERT checkpoint of its makers', () => {
  it('has another prefix, and a head without biases, which count as zeros', async () => {
    await copyOf('tinyNomicBert');
    const whole = await readModel(copy, { needsMlmHead: true });
    const biases = ['cls.predictions.bias', 'cls.predictions.transform.dense.bias'];
    await changeTensorsOf(copy, (tensors) => {
      for (const [name, tensor] of [...tensors]) {
        tensors.delete(name);
        if (!biases.includes(name)) tensors.set(name.replace('nomic_bert.', 'bert.'), tensor);
      }
    });
    const { hasMlmHead, parameters } = await readModel(copy, { needsMlmHead: true });
    expect(hasMlmHead).toBe(true);
    for (const [name, values] of whole.parameters) {
      const expected = biases.includes(name) ? new Float32Array(values.length) : values;
      expect(parameters.get(name), name).toEqual(expected);
    }
  });

  it('without head or prefix is read as a bare encoder', async () => {
    await copyOf('tinyNomicBert');
    await changeTensorsOf(copy, (tensors) => {
      for (const [name, tensor] of [...tensors]) {
        tensors.delete(name);
        if (!name.startsWith('cls.')) tensors.set(name.replace('nomic_bert.', ''), tensor);
      }
    });
    expect((await readModel(copy)).hasMlmHead).toBe(false);
  });

  it('is not read beyond the positions for which its rotation needs no scaling', () => {
    const scaled = { ...nomicFile.config, n_positions: 64, rotary_scaling_factor: 2 };
    expect(parseEncoderConfig(scaled).maxPositionEmbeddings).toBe(16);
  });

  it.each([
    [{ qkv_proj_bias: true }, /qkv_proj_bias/],
    [{ activation_function: 'gelu' }, /activation "gelu".*"swiglu"/],
    [{ rotary_emb_fraction: 0.5 }, /rotary_emb_fraction 1/],
    [{ moe_every_n_layers: 2 }, /mixture of experts/],
    [{ prenorm: true }, /prenorm/],
  ])('is refused with %j', (fields, message) => {
    expect(() => parseEncoderConfig({ ...nomicFile.config, ...fields })).toThrow(message);
  });
});

describe('the config.json of ModernBERT', () => {
  const { config } = modernbertFile;
  const own = (fields: object) => parseEncoderConfig({ ...config, ...fields }).own;

  it('is read with the names before and since transformers 5', () => {
    const expected = own({});
    expect(expected).toMatchObject({
      layer_types: ['full', 'sliding', 'sliding', 'full'].map((type) => `${type}_attention`),
      global_rope_theta: 160000,
      local_rope_theta: 10000,
    });
    const { global_rope_theta: all, local_rope_theta: near, ...others } = config;
    const rope_parameters = {
      full_attention: { rope_type: 'default', rope_theta: all },
      sliding_attention: { rope_type: 'default', rope_theta: near },
    };
    const since = { ...others, rope_parameters, layer_types: expected!['layer_types'] };
    expect(parseEncoderConfig(since).own).toEqual(expected);
  });

  it('without a base for sliding layers has that of the others', () => {
    expect(own({ local_rope_theta: null })).toMatchObject({ local_rope_theta: 160000 });
  });

  it.each([
    [{ hidden_activation: 'tanh' }, /activation "tanh"/],
    [{ is_causal: true }, /is_causal/],
    [{ layer_types: ['full_attention'] }, /layer_types/],
    [
      { rope_parameters: { full_attention: { rope_type: 'yarn', rope_theta: 10 } } },
      /scaling of rotary positions "yarn"/,
    ],
  ])('is refused with %j', (fields, message) => {
    expect(() => own(fields)).toThrow(message);
  });
});
