/** What a plan advises before the first step. */
import { describe, expect, it } from 'vitest';
import { categoryAdvice, countCategories, timeAdvice } from '../../../src/core/train/runPlan.js';
import type { TrainOptions } from '../../../src/core/train/trainingRun.js';
import { tokenizeDocuments } from '../../../src/core/tokens/dataset.js';
import { toyDocuments, toyTokenizer } from './toyCorpus.js';
import { toyRun } from './toyRun.js';

const optionsFor = (training: object): TrainOptions =>
  toyRun('note-category', training, { checkpointFolder: 'none' });

/** Of notes with so many of each category, and so many without. */
async function advised(
  counts: Readonly<Record<string, number>>,
  without = 0,
  training: object = {},
): Promise<string[]> {
  const categories = Object.entries(counts).flatMap(([name, count]) =>
    Array<string | null>(count).fill(name),
  );
  const all = [...categories, ...Array<null>(without).fill(null)];
  const documents = toyDocuments(all.length, 5, 'advice').map((document, i) => ({
    ...document,
    category: all[i]!,
  }));
  const dataset = await tokenizeDocuments(documents, toyTokenizer, undefined, () => undefined);
  const run = { options: optionsFor(training), dataset };
  return categoryAdvice(run, countCategories(dataset.documents));
}

describe('categoryAdvice', () => {
  it('is silent about categories of about one size', async () => {
    expect(await advised({ heart: 20, lung: 9, bone: 5 })).toEqual([]);
    const run = { options: optionsFor({}), dataset: { documents: [], skipped: 0 } };
    expect(categoryAdvice(run, null)).toEqual([]);
    expect(categoryAdvice(run, [])).toEqual([]);
  });

  it('recommends balanced weights from five times the notes on, unless they are set', async () => {
    const counts = { heart: 20, lung: 10, bone: 4 };
    expect(await advised(counts)).toEqual([
      'The most frequent category has 5 times the notes of the rarest: set categoryWeights to "balanced" to let each category count the same.',
    ]);
    expect(await advised(counts, 0, { categoryWeights: 'balanced' })).toEqual([]);
  });

  it('counts categories of a single note', async () => {
    expect(await advised({ heart: 3, lung: 1, bone: 1 })).toEqual([
      '2 of 3 categories have a single note, from which little can be learned: merge them or choose a coarser field.',
    ]);
  });

  it('counts notes without a category', async () => {
    expect(await advised({ heart: 3, lung: 3 }, 4)).toEqual([
      '4 of 10 training notes have no category: they train masked language modelling alone.',
    ]);
  });
});

describe('timeAdvice', () => {
  const hour = 3600;

  it('speaks up for what takes over a day', () => {
    const run = { options: optionsFor({}) };
    expect(timeAdvice(run, 24 * hour)).toEqual([]);
    expect(timeAdvice(run, Number.NaN)).toEqual([]);
    expect(timeAdvice(run, 30.4 * hour)).toEqual([
      'This takes about 30 hours: set maxSteps or epochs lower, set lora or frozenLayers, or start from a smaller model; it can be cancelled and resumed at any time.',
    ]);
  });

  it('recommends no adaptation that is in use', () => {
    expect(timeAdvice({ options: optionsFor({ lora: {} }) }, 25 * hour)).toEqual([
      'This takes about 25 hours: set maxSteps or epochs lower or start from a smaller model; it can be cancelled and resumed at any time.',
    ]);
  });
});
