import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/core/base/random.js';
import { parameterSpecs } from '../../../src/core/encoder/declarations.js';
import { initialParameters } from '../../../src/core/encoder/parameters.js';
import { bert, config, references } from '../objectives/golden.js';

const specs = parameterSpecs(config, { mlmHead: true });
const word = 'roberta.embeddings.word_embeddings.weight';

describe('parameters', () => {
  it('decay unless they are biases or LayerNorm', () => {
    for (const { name, shape, decay } of specs) expect(decay, name).toBe(shape.length > 1);
  });

  it('without the head are those of the encoder', () => {
    const encoder = parameterSpecs(config, { mlmHead: false });
    expect(encoder.every(({ name }) => name.startsWith('roberta.'))).toBe(true);
    expect(specs.filter(({ part }) => part === 'encoder')).toEqual(encoder);
  });

  it('of a LayerNorm after the layers belong to the last of them', () => {
    const last = references.flatMap(([, reference]) =>
      reference.specs
        .filter(({ name }) => /(encoder\.ln|final_norm)\.weight$/.test(name))
        .map(({ layer }) => [layer, reference.config.hiddenLayers - 1]),
    );
    expect(last).toHaveLength(2);
    for (const [layer, expected] of last) expect(layer).toBe(expected);
  });

  it('start as transformers starts them, with zeros for padding', () => {
    const large = { ...config, vocabularySize: 2000 };
    const values = initialParameters(
      parameterSpecs(large, { mlmHead: true }),
      large,
      createRandom(11),
    );
    const table = values.get(word)!;
    const mean = table.reduce((a, b) => a + b, 0) / table.length;
    const deviation = Math.sqrt(table.reduce((a, b) => a + (b - mean) ** 2, 0) / table.length);
    expect(Math.abs(mean)).toBeLessThan(5e-4);
    expect(deviation).toBeCloseTo(config.initializerRange, 3);
    const padding = table.subarray(config.hiddenSize, 2 * config.hiddenSize);
    expect(padding).toEqual(new Float32Array(config.hiddenSize));
    expect(values.get('lm_head.layer_norm.weight')!.every((value) => value === 1)).toBe(true);
    expect(values.get('lm_head.bias')!.every((value) => value === 0)).toBe(true);
  });

  it('of BERT keep zeros for padding in the table of words alone', () => {
    const values = initialParameters(bert.specs, bert.config, createRandom(11));
    const first = (table: string): Float32Array =>
      values.get(`bert.embeddings.${table}_embeddings.weight`)!.subarray(0, 16);
    expect(first('word').every((value) => value === 0)).toBe(true);
    expect(first('position').every((value) => value !== 0)).toBe(true);
    const head = bert.specs.filter(({ part }) => part === 'mlmHead').map(({ name }) => name);
    expect(head.map((name) => name.replace('cls.predictions.', ''))).toEqual([
      'transform.dense.weight',
      'transform.dense.bias',
      'transform.LayerNorm.weight',
      'transform.LayerNorm.bias',
      'bias',
    ]);
  });

  it('depend on the seed and their own name alone', () => {
    const start = (seed: number) => initialParameters(specs, config, createRandom(seed));
    const alone = specs.filter(({ name }) => name === word);
    expect(start(1)).toEqual(start(1));
    expect(start(2).get(word)).not.toEqual(start(1).get(word));
    expect(initialParameters(alone, config, createRandom(1)).get(word)).toEqual(start(1).get(word));
  });
});
