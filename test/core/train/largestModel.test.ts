/** The widest that a model's ends may be: 128,000 tokens, and windows of 512. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { EncoderConfig } from '../../../src/core/encoder/config.js';
import { train } from '../../../src/core/train/trainer.js';
import { toyConfig, toyDocuments, toyTokenizer } from './toyCorpus.js';
import { toyRun } from './toyRun.js';

const vocabularySize = 128_000;
const config: EncoderConfig = {
  ...toyConfig,
  ...{ vocabularySize, maxPositionEmbeddings: 514 },
  ...{ hiddenSize: 16, hiddenLayers: 1, attentionHeads: 1, intermediateSize: 32 },
};

/** Words are numbers, moved to the end of the vocabulary. */
const tokenizer = {
  ...toyTokenizer,
  vocabularySize,
  encode: (text: string) => toyTokenizer.encode(text).map((id) => vocabularySize - 1 - id),
};

it('trains a model of 128,000 tokens on windows of 512', async () => {
  const checkpointFolder = await mkdtemp(join(tmpdir(), 'largest-'));
  try {
    const options = toyRun(
      'mlm',
      { maxSteps: 15, batchTokens: 512, learningRate: 0.02, weightDecay: 0, warmupSteps: 0 },
      {
        ...{ config, tokenizer, checkpointFolder },
        trainDocuments: toyDocuments(4, 510, 'long'),
        heldOutDocuments: toyDocuments(1, 510, 'held-out'),
      },
    );
    const { heldOutLoss, parameters } = await train(options);
    expect(heldOutLoss.before).toBeCloseTo(Math.log(vocabularySize), 0);
    expect(heldOutLoss.after).toBeLessThan(heldOutLoss.before - 1);
    /** How far a row of a table has moved. */
    const moved = (name: string, row: number): number => {
      const table = `roberta.embeddings.${name}_embeddings.weight`;
      const [from, to] = [row * config.hiddenSize, (row + 1) * config.hiddenSize];
      const before = options.parameters.get(table)!.subarray(from, to);
      const after = parameters.get(table)!.subarray(from, to);
      return Math.hypot(...after.map((value, i) => value - before[i]!));
    };
    // The first token stands at position 2, the last of a full window at 513.
    expect([1, 2, 513].map((row) => moved('position', row) > 0)).toEqual([false, true, true]);
    const inCorpus = vocabularySize - 1 - 5;
    expect(moved('word', inCorpus)).toBeGreaterThan(0.05);
  } finally {
    await rm(checkpointFolder, { recursive: true });
  }
});
