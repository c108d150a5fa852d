import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/core/base/random.js';
import { initialMlmHead } from '../../../src/core/encoder/initialHead.js';
import { initialParameters } from '../../../src/core/encoder/parameters.js';
import { maskedLmGraph } from '../../../src/core/objectives/microBatchGraph.js';
import { unigramLogFrequencies } from '../../../src/core/tokens/unigrams.js';
import { references } from '../objectives/golden.js';
import type { Reference } from '../objectives/golden.js';
import { createHarness } from '../objectives/trainingHarness.js';

describe('unigramLogFrequencies', () => {
  it('adds one to each count, and does not count special tokens', () => {
    const windows = [Int32Array.of(0, 3, 3, 1), Int32Array.of(0, 2, 1)];
    const shares = (values: Float32Array): number[] =>
      [...values].map((value) => Math.round(Math.exp(value) * 1200));
    expect(shares(unigramLogFrequencies(windows, 5))).toEqual([300, 300, 200, 300, 100]);
    const specialIds = new Set([0, 1]);
    expect(shares(unigramLogFrequencies(windows, 5, { specialIds }))).toEqual([
      150, 150, 300, 450, 150,
    ]);
  });
});

describe.each(references)('the head that a %s without one is given', (_name, reference) => {
  const { config, specs } = reference;
  const frequencies = unigramLogFrequencies(
    reference.golden.inputIds.map((row) => Int32Array.from(row)),
    config.vocabularySize,
  );

  it('has every parameter of a head, each in its shape', () => {
    const head = initialMlmHead(config, frequencies);
    const expected = specs
      .filter(({ part }) => part === 'mlmHead')
      .map(({ name, shape }) => [name, shape.reduce((a, b) => a * b, 1)]);
    expect([...head].map(([name, { length }]) => [name, length])).toEqual(expected);
    expect(() => initialMlmHead(config, new Float32Array(3))).toThrow(RangeError);
  });

  it('starts near the loss of guessing by frequency', async () => {
    const random = initialParameters(specs, config, createRandom(5));
    const started = new Map([...random, ...initialMlmHead(config, frequencies)]);
    const labels = reference.golden.predictions.map(([, , label]) => label);
    const guess = -labels.reduce((sum, label) => sum + frequencies[label]!, 0) / labels.length;
    const loss = await startLoss(reference, started);
    expect(Math.abs(loss - guess)).toBeLessThan(0.1);
    expect(loss).toBeLessThan(await startLoss(reference, random));
  });
});

async function startLoss(
  { config, specs, shape, goldenBatch }: Reference,
  parameters: ReadonlyMap<string, Float32Array>,
): Promise<number> {
  const graph = maskedLmGraph(config, shape, { lowering: 'cpu', dropout: false });
  const harness = await createHarness(graph, specs, parameters, 1);
  const loss = await harness.run(goldenBatch());
  await harness.release();
  return loss;
}
