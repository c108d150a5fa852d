import { expect, it } from 'vitest';
import { modelCard } from '../../../src/core/model/modelCard.js';
import type { CardFacts } from '../../../src/core/model/modelCard.js';
import type { EncoderConfig } from '../../../src/core/encoder/config.js';

const facts: CardFacts = {
  name: 'ward\nnotes',
  license: 'mit',
  config: {
    modelType: 'roberta',
    hiddenLayers: 4,
    hiddenSize: 256,
    vocabularySize: 8192,
  } as EncoderConfig,
  parameters: 5_422_592,
  base: null,
  objective: 'mlm',
  corpus: 'notes | of a ward',
  training: { documents: 1200, steps: 300, tokens: 2_000_000, seed: 7 },
  heldOutLoss: { before: 8.9, after: 4.25 },
  command: 'notespace pretrain --objective mlm',
};

it('says what the model is and how it was made', () => {
  const card = modelCard(facts);
  expect(card).toMatch(/^---\nlibrary_name: sentence-transformers\nlicense: "mit"\n/);
  expect(card).toContain('# ward notes\n');
  expect(card).toContain('| Parameters | 5,422,592 |');
  expect(card).toContain('| Started from | random weights |');
  expect(card).toContain('| Corpus | notes \\| of a ward |');
  expect(card).toContain('| Held-out loss | 8.9000 before, 4.2500 after |');
  expect(card).toContain('```sh\nnotespace pretrain --objective mlm\n```');
});

it('names the family of the model', () => {
  const config: EncoderConfig = { ...facts.config, modelType: 'bert', hiddenLayers: 6 };
  expect(modelCard({ ...facts, config })).toContain('| Architecture | BERT, 6 layers x 256 |');
  expect(modelCard(facts)).toContain('| Architecture | RoBERTa, 4 layers x 256 |');
});

it('leaves out what is not known', () => {
  const card = modelCard({ ...facts, heldOutLoss: null, command: null, remarks: ['A remark.'] });
  expect(card).not.toMatch(/Held-out|Made by|null|undefined/);
  expect(card).toContain('\nA remark.\n');
});
