import { describe, expect, it } from 'vitest';
import { cpu } from '../../../src/core/backend/cpu/cpu.js';
import { Cancelled } from '../../../src/core/base/errors.js';
import { evaluateMaskedLm } from '../../../src/core/evaluate/maskedLm.js';
import { toyConfig, toyDocuments, toyParameters, toyTokenizer } from '../train/toyCorpus.js';

const options = {
  backend: cpu,
  config: toyConfig,
  parameters: toyParameters(),
  tokenizer: toyTokenizer,
  documents: toyDocuments(30, null, 'evaluated'),
  seed: 4,
  threads: 1,
};

describe('evaluateMaskedLm', () => {
  it('finds an untrained model as good as guessing, whatever the order of sizes', async () => {
    const score = await evaluateMaskedLm(options);
    expect(score.loss).toBeCloseTo(Math.log(toyConfig.vocabularySize), 0);
    expect(score.perplexity).toBeCloseTo(Math.exp(score.loss), 9);
    expect(score.accuracy).toBeLessThan(0.3);
    const tokens = options.documents.reduce(
      (sum, { text }) => sum + toyTokenizer.countTokens(text),
      0,
    );
    expect(score.maskedTokens / tokens).toBeGreaterThan(0.1);
    expect(score.maskedTokens / tokens).toBeLessThan(0.25);
  });

  it('asks every model the same', async () => {
    const first = await evaluateMaskedLm(options);
    expect(await evaluateMaskedLm(options)).toEqual(first);
    const other = await evaluateMaskedLm({ ...options, seed: 5 });
    expect(other.loss).not.toBe(first.loss);
  });

  it('knows a model that is always right', async () => {
    const parameters = toyParameters();
    // Only token 7 is ever likely, and only token 7 is ever asked for.
    parameters.get('lm_head.bias')![7] = 50;
    const documents = options.documents.map((document) => ({ ...document, text: '7 7 7 7 7 7 7' }));
    const score = await evaluateMaskedLm({ ...options, parameters, documents });
    expect(score.accuracy).toBe(1);
    expect(score.loss).toBeLessThan(1e-6);
  });

  it('stops when cancelled, and refuses models without a head and notes without text', async () => {
    const signal = AbortSignal.abort();
    await expect(evaluateMaskedLm({ ...options, signal })).rejects.toThrow(Cancelled);
    const headless = new Map([...options.parameters].filter(([name]) => !name.startsWith('lm_')));
    await expect(evaluateMaskedLm({ ...options, parameters: headless })).rejects.toThrow(
      'no masked-language-model head',
    );
    const blank = toyDocuments(2, 0, 'blank');
    await expect(evaluateMaskedLm({ ...options, documents: blank })).rejects.toThrow('choose');
  });
});
