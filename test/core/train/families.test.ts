/** Families through the whole trainer: objectives, frozen layers, low-rank factors, a new head. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parameterSpecs } from '../../../src/core/encoder/declarations.js';
import type { EncoderConfig } from '../../../src/core/encoder/config.js';
import { loraModules } from '../../../src/core/encoder/lora.js';
import { exportOnnx } from '../../../src/core/model/exportOnnx.js';
import { readModel } from '../../../src/core/model/readModel.js';
import { writeModel } from '../../../src/core/model/writeModel.js';
import { train } from '../../../src/core/train/trainer.js';
import type { TrainOptions } from '../../../src/core/train/trainingRun.js';
import type { ObjectiveName } from '../../../src/protocol/catalogue/objectives.js';
import { toyConfig, toyParameters } from './toyCorpus.js';
import { toyRun } from './toyRun.js';

const ends = { bos_token_id: 0, eos_token_id: 2 };
const configs: readonly EncoderConfig[] = [
  { ...toyConfig, modelType: 'xlm-roberta', own: ends },
  { ...toyConfig, modelType: 'camembert', activation: 'silu', own: ends },
  {
    ...toyConfig,
    modelType: 'mpnet',
    typeVocabularySize: 0,
    own: { ...ends, relative_attention_num_buckets: 32 },
  },
  { ...toyConfig, modelType: 'megatron-bert', activation: 'gelu_new' },
  { ...toyConfig, modelType: 'electra', activation: 'relu', own: { embedding_size: 24 } },
];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'families-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe.each(configs)('$modelType in training', (config) => {
  const start = toyParameters(config);
  const specs = parameterSpecs(config, { mlmHead: true });

  async function trained(
    name: ObjectiveName,
    training: object,
    base: Pick<TrainOptions, 'parameters' | 'newHead'> = { parameters: start },
  ) {
    const checkpointFolder = join(folder, `checkpoints-${name}`);
    const options = toyRun(
      name,
      { maxSteps: 2, warmupSteps: 0, learningRate: 0.01, ...training },
      { checkpointFolder, config, ...base },
    );
    const run = await train(options);
    expect(run.heldOutLoss.after).toBeLessThan(run.heldOutLoss.before);
    return run.parameters;
  }

  const changed = (parameters: ReadonlyMap<string, Float32Array>): string[] =>
    [...parameters]
      .filter(([name, after]) => after.some((value, i) => value !== start.get(name)?.[i]))
      .map(([name]) => name);

  it('learns by each objective, and is written and read as it was', async () => {
    await trained('declutr', {});
    const parameters = await trained('note-category', {});
    expect(changed(parameters)).toEqual(specs.map(({ name }) => name));
    const out = join(folder, 'out');
    await writeModel(out, {
      config,
      parameters,
      tokenizerFiles: { tokenizerJson: {}, tokenizerConfig: {} },
      card: '# Tiny\n',
      dtype: 'F32',
      trainingHashes: null,
      onnx: exportOnnx(config, parameters, { lowering: 'cpu' }),
    });
    const model = await readModel(out, { needsMlmHead: true });
    expect(model.config).toEqual(config);
    expect(model.parameters).toEqual(parameters);
  });

  it('keeps frozen layers and embeddings, and trains what follows the layers', async () => {
    const names = changed(await trained('mlm', { frozenLayers: 1, freezeEmbeddings: true }));
    expect(names).toEqual(
      specs.filter(({ layer, part }) => part === 'mlmHead' || layer === 1).map(({ name }) => name),
    );
    expect(names.includes('bert.encoder.ln.weight')).toBe(config.modelType === 'megatron-bert');
  });

  it('moves only what low-rank adaptation may touch', async () => {
    const lora = { rank: 4, alpha: 8, dropout: 0.1, modules: loraModules };
    const names = changed(await trained('mlm', { lora, learningRate: 0.05 }));
    expect(names).toEqual(
      specs.filter(({ loraModules: modules }) => modules !== undefined).map(({ name }) => name),
    );
    expect(names).toHaveLength(6 * config.hiddenLayers);
  });

  it('gets a new head where it has none', async () => {
    const heads = specs.filter(({ part }) => part === 'mlmHead').map(({ name }) => name);
    const bare = new Map([...start].filter(([name]) => !heads.includes(name)));
    const parameters = await trained(
      'mlm',
      { headWarmupSteps: 1 },
      { parameters: bare, newHead: true },
    );
    for (const name of heads) {
      expect(parameters.get(name)?.length, name).toBe(start.get(name)!.length);
    }
  });
});
