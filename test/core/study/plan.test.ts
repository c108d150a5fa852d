import { describe, expect, it } from 'vitest';
import { duration, planStudy, secondsOf } from '../../../src/core/study/plan.js';
import type { StudyFacts } from '../../../src/core/study/plan.js';
import { studyRecipeNames } from '../../../src/protocol/catalogue/study.js';
import type { StudyPart } from '../../../src/core/study/study.js';
import type { StudyJob } from '../../../src/protocol/study.js';

const job: StudyJob = {
  kind: 'study',
  corpus: { source: '/notes', mapping: {} },
  forgettingCorpus: null,
  ...{ bases: ['/a'], models: ['/m'], recipes: studyRecipeNames, targets: ['category'] },
  ...{ preset: 'overnight', budgetSeconds: null, steps: null, device: 'auto', seed: 0 },
};

const small = {
  ...{ layers: 4, hiddenSize: 256, intermediateSize: 1024, vocabularySize: 8000 },
  ...{ window: 128, tokensPerNote: 150 },
};
const facts: StudyFacts = {
  data: {
    ...{ documents: 1000, train: 700, heldOut: 300, categories: 5, fingerprint: 'f' },
    ...{ hasOwnSplit: false, hasGroups: true, classes: [5], clusterField: null },
  },
  groups: [
    { name: 'a', base: '/a', models: [{ ...small, hash: '1' }] },
    { name: 'others', base: null, models: [{ ...small, hash: '2' }] },
  ],
  forgetting: null,
  gigaflops: 100,
};

const ids = (parts: readonly StudyPart[], kind: StudyPart['kind']): string[] =>
  parts.filter((part) => part.kind === kind).map(({ id }) => id);
const fineTuned = (parts: readonly StudyPart[]): unknown[] =>
  parts.flatMap((part) => (part.kind === 'fine-tuned' ? [part.shots] : []));

describe('the plan of a study', () => {
  it('trains every recipe from a base and measures what came of it, and further models as they are', () => {
    const { parts, seconds } = planStudy(job, facts);
    expect(parts.map(({ group, kind }) => `${group} ${kind}`)).toEqual([
      ...studyRecipeNames.map(() => 'a train'),
      ...['a frozen', 'a space', 'a fine-tuned', 'a fine-tuned', 'a fine-tuned'],
      ...['others frozen', 'others space', 'others fine-tuned', 'others fine-tuned'],
      'others fine-tuned',
    ]);
    expect(new Set(parts.map(({ id }) => id)).size).toBe(parts.length);
    const frozen = parts.find(({ kind }) => kind === 'frozen');
    expect(frozen?.after).toEqual(ids(parts, 'train'));
    expect(seconds).toBeCloseTo(secondsOf(parts));
    expect(parts.every((part) => part.seconds > 0)).toBe(true);
  });

  it('gives each training as many steps as were named, or as its passes take', () => {
    const stepsOf = (change: Partial<StudyJob>): number[] =>
      planStudy({ ...job, ...change }, facts).parts.flatMap((part) =>
        part.kind === 'train' ? [part.steps] : [],
      );
    expect(stepsOf({ steps: 7 })).toEqual(studyRecipeNames.map(() => 7));
    // 700 notes of 150 tokens in batches of 4,096; 700 notes in batches of 32: three times.
    expect(stepsOf({})).toEqual([78, 66, 66, 78, 78, 66]);
  });

  it('cuts until the budget suffices, and says what', () => {
    const whole = planStudy(job, facts);
    const budgets = [1, 0.7, 0.4, 0.2, 0.1].map((share) => share * whole.seconds);
    const plans = budgets.map((budgetSeconds) => planStudy({ ...job, budgetSeconds }, facts));
    for (const [i, plan] of plans.entries()) {
      const isTooShort = plan.cuts.some((sentence) => sentence.startsWith('Even so'));
      if (!isTooShort) expect(plan.seconds).toBeLessThanOrEqual(budgets[i]! + 1e-9);
    }
    expect(plans[0]!.cuts).toEqual(whole.cuts);
    expect(plans[1]!.cuts.length).toBeGreaterThan(whole.cuts.length);
    const least = planStudy({ ...job, budgetSeconds: 1 }, facts);
    expect(fineTuned(least.parts)).toEqual([]);
    expect(least.cuts).toContainEqual('No model is fine-tuned.');
    expect(least.cuts.filter((sentence) => sentence.startsWith('Pre-training'))).toHaveLength(1);
    expect(least.cuts.at(-1)).toMatch(/^Even so it takes about .*, longer than the budget/);
  });

  it('with named steps never cuts a training', () => {
    const { parts, cuts } = planStudy({ ...job, steps: 7, budgetSeconds: 1 }, facts);
    expect(parts.filter((part) => part.kind === 'train' && part.steps !== 7)).toEqual([]);
    expect(cuts.some((sentence) => sentence.startsWith('Pre-training'))).toBe(false);
  });

  it('keeps the steps of an earlier plan, so that more bases, targets or time train nothing again', () => {
    const before = planStudy({ ...job, budgetSeconds: 100 }, facts);
    const changed = { ...job, budgetSeconds: 1e6, targets: ['category', 'label'] };
    const slower = { ...facts, gigaflops: 10, data: { ...facts.data, classes: [5, 2] } };
    const after = planStudy(changed, slower, before);
    expect(ids(after.parts, 'train')).toEqual(ids(before.parts, 'train'));
    expect(ids(after.parts, 'frozen').length).toBe(2 * ids(before.parts, 'frozen').length);
    const other = { ...facts, data: { ...facts.data, fingerprint: 'g' } };
    expect(ids(planStudy(job, other, before).parts, 'train')).not.toEqual(
      ids(before.parts, 'train'),
    );
  });

  it('leaves out note categories where there are none', () => {
    const data = { ...facts.data, categories: 0, clusterField: 'outcome' };
    const { parts, cuts } = planStudy(job, { ...facts, data });
    expect(ids(parts, 'train')).toHaveLength(4);
    expect(cuts[0]).toMatch(/^2 recipes of note categories cannot be run/);
  });

  it('measures what was forgotten only on a second corpus', () => {
    expect(planStudy(job, facts).cuts).toContainEqual(
      expect.stringContaining('--forgetting-corpus'),
    );
    const forgettingCorpus = { source: '/other', mapping: {} };
    const forgetting = { fingerprint: 'h', documents: 50 };
    const { parts } = planStudy({ ...job, forgettingCorpus }, { ...facts, forgetting });
    expect(ids(parts, 'forgotten-words')).toHaveLength(1);
    expect(ids(parts, 'forgotten-space')).toHaveLength(1);
  });

  it.each([
    [40, '40 s'],
    [1500, '25 min'],
    [7800, '2 h 10 min'],
    [36_000, '10 h'],
  ])('writes %d seconds as %s', (seconds, text) => {
    expect(duration(seconds)).toBe(text);
  });
});
