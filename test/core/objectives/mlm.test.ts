import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/core/base/random.js';
import type { EncoderConfig } from '../../../src/core/encoder/config.js';
import { parameterSpecs } from '../../../src/core/encoder/declarations.js';
import { initialParameters } from '../../../src/core/encoder/parameters.js';
import { createSession } from '../../../src/core/graph/session.js';
import type { HostTensor } from '../../../src/core/graph/session.js';
import { maskedLmGraph } from '../../../src/core/objectives/microBatchGraph.js';
import { objectives } from '../../../src/core/objectives/registry.js';
import { trainingDefaults } from '../../../src/core/train/config.js';
import * as small from './golden.js';
import { createHarness, distance, lossOf, norm } from './trainingHarness.js';
import type { Batch, Harness } from './trainingHarness.js';

const dropped: EncoderConfig = { ...small.config, hiddenDropout: 0.2, attentionDropout: 0.1 };

describe('the graph of masked language modelling', () => {
  it('has the right gradient under dropout, for given masks', async () => {
    const graph = maskedLmGraph(dropped, small.shape, { lowering: 'cpu', dropout: true });
    // Embeddings, and attention, its output and the layer's output in both layers.
    expect(graph.dropout.map(({ layer, site }) => [layer, site])).toEqual([
      [0, 0],
      ...[1, 2].flatMap((layer) => [1, 2, 3].map((site) => [layer, site])),
    ]);
    const random = createRandom(3);
    const batch: Record<string, Int32Array | Float32Array> = { ...small.goldenBatch() };
    for (const { input, shape, rate } of graph.dropout) {
      expect(shape[0]).toBe(small.batchSize);
      const count = shape.reduce((a, b) => a * b, 1);
      batch[input] = Float32Array.from({ length: count }, () =>
        random.next() < rate ? 0 : 1 / (1 - rate),
      );
    }
    const parameters = small.goldenParameters();
    const directions = new Map(
      [...parameters].map(([name, values]) => [name, values.map(() => random.normal())]),
    );
    const lossAt = async (step: number): Promise<number> => {
      const moved = new Map(
        [...parameters].map(([name, values]) => [
          name,
          values.map((value, i) => value + step * directions.get(name)![i]!),
        ]),
      );
      const harness = await createHarness(graph, small.specs, moved, 1);
      const loss = await harness.run(batch);
      await harness.release();
      return loss;
    };
    const step = 2e-3;
    const [b2, b1, f1, f2] = [
      await lossAt(-2 * step),
      await lossAt(-step),
      await lossAt(step),
      await lossAt(2 * step),
    ];
    const slope = (b2 - 8 * b1 + 8 * f1 - f2) / (12 * step);
    const harness = await createHarness(graph, small.specs, parameters, 1);
    const loss = await harness.run(batch);
    await harness.release();
    let expected = 0;
    for (const [name, gradient] of harness.gradients) {
      gradient.forEach((value, i) => (expected += value * directions.get(name)![i]!));
    }
    expect(Math.abs(slope - expected)).toBeLessThan(2e-3 * Math.abs(expected));
    // The masks do something.
    expect(Math.abs(loss - small.golden.losses[0]!)).toBeGreaterThan(1e-3);
  });

  it('loses no update when all tokens are equal, whatever the threads', async () => {
    const config: EncoderConfig = {
      ...small.config,
      hiddenSize: 64,
      attentionHeads: 4,
      intermediateSize: 128,
      maxPositionEmbeddings: 66,
    };
    const specs = parameterSpecs(config, { mlmHead: true });
    const parameters = initialParameters(specs, config, createRandom(5));
    const shape = { batchSize: 8, sequenceLength: 64, sequencesPerRow: 1, predictions: 96 };
    const graph = maskedLmGraph(config, shape, { lowering: 'cpu', dropout: false });
    const tokens = shape.batchSize * shape.sequenceLength;
    const batch: Batch = {
      inputIds: new Int32Array(tokens).fill(7),
      positionIds: Int32Array.from({ length: tokens }, (_, i) => 2 + (i % 64)),
      tokenTypeIds: new Int32Array(tokens),
      attentionBias: new Float32Array(tokens),
      // Rows repeat too, far more heavily than a sampler would let them.
      predictionRows: Int32Array.from({ length: 96 }, (_, i) => i % 4),
      labels: new Int32Array(96).fill(7),
      labelWeights: new Float32Array(96).fill(1 / 96),
    };
    const runs: Harness[] = [];
    for (const threads of [1, 2, 2, 2]) {
      const harness = await createHarness(graph, specs, parameters, threads);
      await harness.run(batch);
      await harness.release();
      runs.push(harness);
    }
    const [single, ...double] = runs;
    const globalNorm = Math.hypot(...[...single!.gradients.values()].map(norm));
    for (const [name, gradient] of single!.gradients) {
      for (const other of double) {
        const difference = distance(gradient, other.gradients.get(name)!);
        expect(difference, name).toBeLessThanOrEqual(1e-5 * norm(gradient) + 1e-6 * globalNorm);
        // The same thread count repeats bit for bit.
        expect(other.gradients.get(name)).toEqual(double[0]!.gradients.get(name));
      }
    }
  });

  it('counts the operations of the products only, three times forward', () => {
    const { flops } = maskedLmGraph(small.config, small.shape, {
      lowering: 'cpu',
      dropout: false,
    });
    const [tokens, width, wide, layers] = [24, 16, 40, 2];
    const layer = 2 * tokens * (4 * width * width + 2 * width * wide) + 4 * 3 * 8 * 8 * width;
    const head = 2 * 5 * (width * width + width * 61);
    expect(flops).toBe(3 * (layers * layer + head));
  });

  it('evaluates the sum of losses and of what is predicted rightly', async () => {
    const graph = maskedLmGraph(small.config, small.shape, {
      purpose: 'evaluate',
      lowering: 'cpu',
      dropout: false,
    });
    const { output, correct: ranked } = lossOf(graph, 'mlm');
    const session = await createSession(graph.bytes, { device: 'cpu', threads: 1 });
    const batch = small.goldenBatch();
    const parameters = small.goldenParameters();
    const evaluate = async (labels: Int32Array): Promise<[number, number]> => {
      const feeds: Record<string, HostTensor> = {};
      for (const { name, shape } of small.specs) {
        feeds[name] = { dtype: 'float32', data: parameters.get(name)!, shape };
      }
      for (const { name, dtype, shape } of graph.inputs) {
        feeds[name] = { dtype, data: name === 'labels' ? labels : batch[name]!, shape };
      }
      const [loss, correct] = [new Float32Array(1), new Float32Array(1)];
      await session.run(feeds, {
        [output]: { dtype: 'float32', data: loss, shape: [1] },
        [ranked!]: { dtype: 'float32', data: correct, shape: [1] },
      });
      return [loss[0]!, correct[0]!];
    };
    const [loss] = await evaluate(batch['labels'] as Int32Array);
    expect(Math.abs(loss - small.golden.losses[0]!)).toBeLessThan(1e-5);

    // Every slot is right for exactly one of the vocabulary's tokens.
    let hits = 0;
    for (let token = 0; token < small.config.vocabularySize; token++) {
      const [, correct] = await evaluate(new Int32Array(small.shape.predictions).fill(token));
      hits += correct;
    }
    await session.release();
    expect(hits).toBeCloseTo(1, 6);
  });

  it('is found by its name', () => {
    const objective = objectives.mlm({
      config: small.config,
      settings: trainingDefaults,
      categories: [],
    });
    expect(objective.name).toBe('mlm');
  });
});
