import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/core/base/random.js';
import { encode } from '../../../src/core/encoder/encode.js';
import { loraSpecs } from '../../../src/core/encoder/declarations.js';
import { loraModules } from '../../../src/core/encoder/lora.js';
import { mergeLora } from '../../../src/core/encoder/mergeLora.js';
import type { LoraSettings } from '../../../src/core/encoder/lora.js';
import { initialParameters } from '../../../src/core/encoder/parameters.js';
import { addInput, createGraph } from '../../../src/core/graph/graph.js';
import type { Graph, Lowering, Value } from '../../../src/core/graph/graph.js';
import { compile } from '../graph/evaluate.js';
import * as small from '../objectives/golden.js';
import { distance, norm } from '../objectives/trainingHarness.js';
import { adaptedForward, adaptedParameters, adaptedSpecs, adaptedTraining } from './loraGraph.js';
import type { AdaptedForward } from './loraGraph.js';

const all: LoraSettings = { rank: 3, alpha: 6, dropout: 0.2, modules: loraModules };
const some: LoraSettings = { ...all, modules: ['value', 'query'] };

describe('the factors', () => {
  it('have the names and shapes of peft, in one order', () => {
    const [a, b] = loraSpecs(small.config, { ...all, modules: ['output'] });
    expect(a).toMatchObject({ name: 'roberta.encoder.layer.0.output.dense.lora_A.weight' });
    expect([a!.shape, b!.shape]).toEqual([
      [3, 40],
      [16, 3],
    ]);
    const backwards = { ...all, modules: loraModules.toReversed() };
    expect(loraSpecs(small.config, backwards)).toEqual(loraSpecs(small.config, all));
    expect(loraSpecs(small.config, all)).toHaveLength(2 * 6 * 2);
  });

  it('start as those of peft: A within 1 / sqrt(inputs), B at 0', () => {
    const config = { ...small.config, hiddenSize: 256, hiddenLayers: 1 };
    const specs = loraSpecs(config, { ...some, rank: 64 });
    const values = initialParameters(specs, config, createRandom(3));
    for (const { name, shape } of specs) {
      const start = values.get(name)!;
      if (shape[0] === 64) {
        expect(Math.max(...start.map(Math.abs))).toBeLessThanOrEqual(1 / 16);
        // A uniform distribution's deviation is its bound over the root of 3.
        expect(norm(start) / Math.sqrt(start.length)).toBeCloseTo(1 / 16 / Math.sqrt(3), 3);
        const mean = start.reduce((sum, value) => sum + value, 0) / start.length;
        expect(Math.abs(mean)).toBeLessThan(2e-3);
      } else expect(norm(start), name).toBe(0);
    }
  });
});

describe('merging', () => {
  it.each([
    ['all modules', all],
    ['two modules', some],
  ])('changes no logit: %s', async (_name, settings) => {
    const unmerged = adaptedParameters(settings);
    const merged = mergeLora(small.config, unmerged, settings);
    expect([...merged.keys()].sort()).toEqual(small.specs.map(({ name }) => name).sort());
    const apart = await logits(adaptedForward(settings, null), unmerged);
    const joined = await logits(adaptedForward(null, null), merged);
    const plain = await logits(adaptedForward(null, null), unmerged);
    apart.forEach((value, i) => expect(Math.abs(value - joined[i]!)).toBeLessThan(1e-5));
    expect(distance(apart, plain)).toBeGreaterThan(1e-2);
  });

  it('agrees with the encoder over [batch, sequence], as it is exported', async () => {
    const unmerged = adaptedParameters(all);
    const merged = mergeLora(small.config, unmerged, all);
    for (const lowering of ['cpu', 'webgpu'] as const) {
      const apart = await states(all, unmerged, lowering);
      const joined = await states(null, merged, lowering);
      apart.forEach((value, i) => expect(Math.abs(value - joined[i]!)).toBeLessThan(1e-5));
    }
  });

  it('names a factor that is missing', () => {
    expect(() => mergeLora(small.config, small.goldenParameters(), some)).toThrow(
      'no parameter "roberta.encoder.layer.0.attention.self.query.lora_A.weight" to merge',
    );
  });
});

describe('training with frozen matrices', () => {
  const factors = loraSpecs(small.config, some);
  const options = { lowering: 'cpu', dropout: true } as const;

  it('computes no gradient of what is frozen', () => {
    const frozen = adaptedTraining(some, factors, options);
    const full = adaptedTraining(some, adaptedSpecs(some), options);
    const names = new Set(factors.map(({ name }) => name));
    expect(new Set(frozen.gradients.map(({ parameter }) => parameter))).toEqual(names);
    expect(frozen.model.outputs).toHaveLength(2 + names.size);
    // A gradient by a matrix is a product with a transposed left side: one a factor, and no other.
    const weightGradients = ({ model }: typeof full): number =>
      model.nodes.filter(
        ({ opType, attributes }) => opType === 'Gemm' && attributes['transA'] === 1,
      ).length;
    expect(weightGradients(frozen)).toBe(names.size);
    expect(weightGradients(full)).toBeGreaterThan(2 * names.size);
    expect(frozen.model.nodes.length).toBeLessThan(0.8 * full.model.nodes.length);
  });

  it('goes no deeper than the lowest factor', () => {
    const upper = factors.filter(({ name }) => name.includes('layer.1.'));
    const nodes = (trained: typeof factors): number =>
      adaptedTraining(some, trained, options).model.nodes.length;
    expect(nodes(upper)).toBeLessThan(0.75 * nodes(factors));
  });
});

describe('dropout of the factors', () => {
  it('takes a mask an example, in places of its own', async () => {
    const forward = adaptedForward(all, []);
    expect(forward.dropout.map(({ layer, site }) => [layer, site])).toEqual(
      [1, 2].flatMap((layer) => [4, 5, 6, 7, 8, 9].map((site) => [layer, site])),
    );
    // The first example without its factors, the others with twice theirs.
    const masks = forward.dropout.map(({ input, shape }) => {
      const count = shape.reduce((a, b) => a * b, 1);
      const mask = new Float32Array(count).fill(2).fill(0, 0, count / small.batchSize);
      return [input, mask] as const;
    });
    const parameters = adaptedParameters(all);
    const dropped = await logits(forward, new Map([...parameters, ...masks]));
    const without = await logits(adaptedForward(null, null), parameters);
    const twice = await logits(adaptedForward({ ...all, alpha: 2 * all.alpha }, null), parameters);
    small.golden.predictions.forEach(([example], row) => {
      const of = (values: Float32Array): Float32Array =>
        values.subarray(row * small.config.vocabularySize, (row + 1) * small.config.vocabularySize);
      const expected = example === 0 ? without : twice;
      expect(distance(of(dropped), of(expected))).toBeLessThan(1e-5);
      expect(distance(of(without), of(twice))).toBeGreaterThan(1e-2);
    });
  });

  it('has no masks where nothing is dropped', () => {
    expect(adaptedForward({ ...all, dropout: 0 }, []).dropout).toEqual([]);
  });
});

async function logits(
  { graph, logits: wanted }: AdaptedForward,
  values: ReadonlyMap<string, Float32Array>,
): Promise<Float32Array> {
  return evaluate(graph, wanted, values, 'cpu');
}

/** Hidden states of the encoder as exports build it: [batch, sequence, hiddenSize]. */
async function states(
  lora: LoraSettings | null,
  parameters: ReadonlyMap<string, Float32Array>,
  lowering: Lowering,
): Promise<Float32Array> {
  const { config, batchSize: batch, sequenceLength: sequence } = small;
  const graph = createGraph();
  const values = new Map<string, Value>(
    adaptedSpecs(lora).map(({ name, shape }) => [name, addInput(graph, name, 'float32', shape)]),
  );
  const parameter = (name: string): Value => values.get(name)!;
  const scope = { graph, config, batch, sequence, parameter, dropout: null, lora };
  const hidden = encode(scope, {
    inputIds: addInput(graph, 'inputIds', 'int32', [batch, sequence]),
    positionIds: addInput(graph, 'positionIds', 'int32', [batch, sequence]),
    tokenTypeIds: addInput(graph, 'tokenTypeIds', 'int32', [batch, sequence]),
    attentionBias: addInput(graph, 'attentionBias', 'float32', [batch, 1, 1, sequence]),
  });
  return evaluate(graph, hidden, parameters, lowering);
}

/** On the golden batch. */
async function evaluate(
  graph: Graph,
  wanted: Value,
  values: ReadonlyMap<string, Float32Array>,
  lowering: Lowering,
): Promise<Float32Array> {
  const compiled = await compile(graph, [wanted], { lowering });
  const [found] = await compiled.run({ ...small.goldenBatch(), ...Object.fromEntries(values) });
  await compiled.release();
  return found!;
}
