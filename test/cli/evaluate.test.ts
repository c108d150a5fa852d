/** Evaluations that would say something untrue. */
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { changeTensorsOf } from '../core/model/changeModel.js';
import { makeNotes, writeCorpus } from '../engine/fixtures.js';
import { prepared } from './prepared.js';

const { folder, corpus, model, json, refusal } = await prepared(makeNotes(60));

const evaluation = (source: string, models: string): string[] => [
  ...['evaluate', '--protocol', 'mlm', '--corpus', source, '--models', models],
];

describe('notespace evaluate', () => {
  it('refuses a model whose loss is no number', async () => {
    const damaged = join(folder, 'damaged');
    await cp(model, damaged, { recursive: true });
    // Each weight is a number, but not what they add up to.
    await changeTensorsOf(damaged, (tensors) => {
      for (const { data } of tensors.values()) data.fill(3e38, 0, 16);
    });
    const sentence = await refusal(1, ...evaluation(corpus, `${model},${damaged}`));
    expect(sentence).toContain(`The loss of the model ${damaged} is no usable number`);
  });

  it('does not compare a model with itself', async () => {
    const { results, verdict } = await json(...evaluation(corpus, `${model},${model}`));
    expect(results).toHaveLength(1);
    expect(Object.keys((results as object[])[0] ?? {})).toEqual([
      ...['model', 'protocol', 'shots', 'seed', 'texts', 'macroF1', 'accuracy', 'weightedF1'],
      ...['balancedAccuracy', 'macroAuroc', 'calibrationError', 'loss', 'perplexity'],
    ]);
    expect(verdict).toEqual([expect.stringContaining('does not say what it was trained on')]);
  });

  it.each([
    ['a single note', 1],
    ['notes of one patient', 8],
  ])('says of %s that none can be held out', async (_what, count) => {
    const small = join(folder, 'small.jsonl');
    await writeCorpus(
      small,
      makeNotes(count).map((note) => ({ ...note, group: 'patient' })),
    );
    expect(await refusal(2, ...evaluation(small, model), '--group-field', 'group')).toMatch(
      /No notes can be held out/,
    );
  });
});
