import { describe, expect, it } from 'vitest';
import { decoderSpecs, parameterSpecs } from '../../../src/core/encoder/declarations.js';
import { tsdae } from '../../../src/core/objectives/tsdae.js';
import { parseTrainingConfig } from '../../../src/core/train/config.js';
import { toyConfig } from '../train/toyCorpus.js';

const settings = parseTrainingConfig({});

describe('TSDAE', () => {
  it('refuses a family that cannot decode, and names those that can', () => {
    const config = { ...toyConfig, modelType: 'distilbert' as const };
    expect(() => tsdae({ config, settings, categories: [] })).toThrow(
      /^TSDAE needs layers that can decode, which DistilBERT models do not have: choose a .*RoBERTa.* model, or another objective\.$/,
    );
  });

  it('adds cross-attention to every layer, under the names of transformers, and nothing else', () => {
    const names = decoderSpecs({ ...toyConfig, modelType: 'bert' }).map(({ name }) => name);
    const layer = (index: number): string[] =>
      ['self.value', 'output.dense', 'output.LayerNorm'].flatMap((module) =>
        ['weight', 'bias'].map(
          (part) => `bert.encoder.layer.${index}.crossattention.${module}.${part}`,
        ),
      );
    expect(names).toEqual([...layer(0), ...layer(1)]);
    const known = parameterSpecs({ ...toyConfig, modelType: 'bert' }, { mlmHead: true });
    expect(known.filter(({ name }) => names.includes(name))).toEqual([]);
  });
});
