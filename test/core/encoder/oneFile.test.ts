/** A family is one file and one line of the registry: here the line is added and nothing else. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  encoderInputNames,
  loraSpecs,
  parameterSpecs,
  wordTable,
} from '../../../src/core/encoder/declarations.js';
import type * as catalogue from '../../../src/protocol/catalogue/families.js';
import type * as registry from '../../../src/core/encoder/families.js';
import {
  parseEncoderConfig,
  toHuggingFaceConfig,
} from '../../../src/core/encoder/huggingFaceConfig.js';
import { initialMlmHead } from '../../../src/core/encoder/initialHead.js';
import { loraModules } from '../../../src/core/encoder/lora.js';
import type { LoraModule } from '../../../src/core/encoder/lora.js';
import { exportOnnx } from '../../../src/core/model/exportOnnx.js';
import { describeModel } from '../../../src/core/model/describeModel.js';
import { readModel } from '../../../src/core/model/readModel.js';
import { writeModel } from '../../../src/core/model/writeModel.js';
import { maskedLmGraph } from '../../../src/core/objectives/microBatchGraph.js';
import { train } from '../../../src/core/train/trainer.js';
import type { TrainOptions } from '../../../src/core/train/trainingRun.js';
import { toyParameters } from '../train/toyCorpus.js';
import { toyRun } from '../train/toyRun.js';

vi.mock('../../../src/core/encoder/families.js', async (original) => {
  const { families } = await original<typeof registry>();
  const { gated } = await import('./madeUpFamily.js');
  return { families: { ...families, gated } };
});
vi.mock('../../../src/protocol/catalogue/families.js', async (original) => {
  const { families, ...rest } = await original<typeof catalogue>();
  const all = { ...families, gated: { label: 'Gated', sentence: 'Made up.' } };
  return { ...rest, families: all, familyNames: Object.keys(all) };
});

const json = { model_type: 'gated', words: 48, width: 32, depth: 2, heads: 2, longest: 96 };
const config = parseEncoderConfig(json);
const layerNames = ['q', 'k', 'v', 'gate', 'after'];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'family-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Names of the parameters that a run of two steps moved. */
async function moved(training: object, overrides: Partial<TrainOptions> = {}): Promise<string[]> {
  const checkpointFolder = join(folder, 'checkpoints');
  const options = toyRun(
    'note-category',
    { maxSteps: 2, learningRate: 0.02, ...training },
    { checkpointFolder, config, ...overrides },
  );
  const { parameters } = await train(options);
  return [...options.parameters]
    .filter(([name, before]) => before.some((value, i) => value !== parameters.get(name)![i]))
    .map(([name]) => name);
}

describe('a family that is one file and one line', () => {
  it('reads and writes its own config.json', () => {
    expect(config).toMatchObject({ modelType: 'gated', hiddenSize: 32, own: { gates: 1 } });
    expect(toHuggingFaceConfig(config)).toEqual({ ...json, gates: 1 });
    expect(() => parseEncoderConfig({ model_type: 'none' })).toThrow(/RoBERTa, .* or Gated model/);
  });

  it('declares its parameters, each with its layer', () => {
    const specs = parameterSpecs(config, { mlmHead: true });
    expect(specs.map(({ name }) => name)).toEqual([
      'tokens.weight',
      ...[0, 1].flatMap((layer) =>
        layerNames.flatMap((name) => [
          `blocks.${layer}.${name}.weight`,
          `blocks.${layer}.${name}.bias`,
        ]),
      ),
      'out.scale.weight',
      'out.scale.bias',
      'out.offset',
    ]);
    expect(specs.map(({ layer }) => layer)).toEqual([
      null,
      ...Array.from({ length: 10 }, () => 0),
      ...Array.from({ length: 10 }, () => 1),
      ...[null, null, null],
    ]);
    expect(wordTable(config)).toMatchObject({ name: 'tokens.weight', paddingRow: 0 });
    const head = initialMlmHead(config, new Float32Array(48).fill(-2));
    expect(head.get('out.offset')![7]).toBe(-2);
  });

  it('has inputs for what it reads alone', () => {
    expect(encoderInputNames(config)).toEqual(['inputIds', 'attentionBias']);
    const shape = { batchSize: 2, sequenceLength: 8, sequencesPerRow: 1, predictions: 3 };
    const graph = maskedLmGraph(config, shape, { lowering: 'cpu', dropout: true });
    expect(graph.inputs.map(({ name }) => name)).toEqual([
      'inputIds',
      'attentionBias',
      'predictionRows',
      'labels',
      'labelWeights',
    ]);
    expect(new Set(graph.gradients.map(({ parameter }) => parameter)).size).toBe(24);
  });

  it('says what low-rank adaptation may touch', () => {
    const settings = { rank: 2, alpha: 4, dropout: 0, modules: loraModules };
    expect(loraSpecs(config, settings)).toHaveLength(2 * 2 * 4);
    const one = loraSpecs(config, { ...settings, modules: ['intermediate'] });
    expect(one.map(({ name }) => name)).toEqual(
      [0, 1].flatMap((layer) => ['A', 'B'].map((f) => `blocks.${layer}.gate.lora_${f}.weight`)),
    );
  });

  it('trains, and what is frozen stays', async () => {
    expect(await moved({})).toEqual(
      parameterSpecs(config, { mlmHead: true }).map(({ name }) => name),
    );
    await rm(folder, { recursive: true });
    const upper = await moved({ frozenLayers: 1, freezeEmbeddings: true });
    expect(upper.filter((name) => !name.startsWith('out.'))).toEqual(
      layerNames.flatMap((name) => [`blocks.1.${name}.weight`, `blocks.1.${name}.bias`]),
    );
  });

  it('merges the low-rank factors that it trained', async () => {
    const modules: LoraModule[] = ['key', 'intermediate'];
    expect(await moved({ lora: { rank: 2, alpha: 4, dropout: 0.1, modules } })).toEqual(
      [0, 1].flatMap((layer) => ['k', 'gate'].map((name) => `blocks.${layer}.${name}.weight`)),
    );
  });

  it('is written, described and read again', async () => {
    const parameters = toyParameters(config);
    const out = join(folder, 'model');
    await writeModel(out, {
      config,
      parameters,
      tokenizerFiles: { tokenizerJson: {}, tokenizerConfig: {} },
      card: '# Made up\n',
      dtype: 'F32',
      trainingHashes: null,
      onnx: exportOnnx(config, parameters, { lowering: 'cpu' }),
    });
    expect(await describeModel(out)).toMatchObject({ architecture: 'gated', hasMlmHead: true });
    const model = await readModel(out, { needsMlmHead: true });
    expect(model.config).toEqual(config);
    expect(model.parameters).toEqual(parameters);
  });
});
