import { describe, expect, it } from 'vitest';
import { studyFindings } from '../../../src/core/study/findings.js';
import type { StudyOutcome } from '../../../src/core/study/outcome.js';
import type { EvaluateContrast, EvaluateResult } from '../../../src/protocol/evaluation.js';
import { studyClaimNames } from '../../../src/protocol/catalogue/study.js';
import type { StudyClaimName, StudyRecipeName } from '../../../src/protocol/catalogue/study.js';

type Difference = readonly [mean: number, p?: number];

const estimate = (mean: number) => ({ mean, low: mean - 0.01, high: mean + 0.01 });

const models: StudyOutcome['models'] = (
  [null, 'mlm', 'declutr', 'category-cross-entropy'] as (StudyRecipeName | null)[]
).map((recipe) => ({
  model: recipe ?? 'base',
  name: recipe ?? 'base',
  base: recipe === null ? null : 'base',
  recipe,
  ratio: null,
}));

/** Differences of macro-F1: of adapted models from the base, of pairs "a b", of frozen ones from fine-tuned ones. */
function outcomeOf({
  againstBase = {},
  pairs = {},
  frozen = {},
  clusters = {},
}: Partial<
  Record<'againstBase' | 'pairs' | 'frozen' | 'clusters', Record<string, Difference>>
>): StudyOutcome {
  const contrast = (pair: string, [mean, p = 0.0002]: Difference): EvaluateContrast => {
    const [a = '', b = ''] = pair.split(' ');
    return {
      a: { model: a, protocol: 'frozen' },
      b: { model: b, protocol: 'frozen' },
      ...{ shots: 'all', difference: estimate(mean), p },
    };
  };
  const result: EvaluateResult = {
    ...{ kind: 'evaluate', documents: 10, maskedTokens: null, results: [], verdict: [] },
    comparisons: Object.entries(againstBase).map(([a, [mean, p = 0.0002]]) => ({
      ...{ a, b: 'base', against: 'base', protocol: 'frozen', shots: 'all' },
      ...{ difference: estimate(mean), p, pHolm: p },
    })),
    contrasts: [
      ...Object.entries(pairs).map(([pair, difference]) => contrast(pair, difference)),
      ...Object.entries(frozen).map(([model, difference]): EvaluateContrast => ({
        ...contrast(`${model} ${model}`, difference),
        b: { model, protocol: 'fine-tuning' },
      })),
    ],
  };
  return {
    ...{ models, trained: [], forgottenWords: [], forgottenSpaces: [] },
    classified: [
      { group: 'g', target: 't', protocol: 'frozen', shots: ['all'], result, sawTarget: [] },
    ],
    spaces: [
      {
        ...{ group: 'g', overlaps: [], maps: null },
        result: {
          ...{ kind: 'analyze', documents: 10, models: [], comparisons: [], findings: [] },
          ...{ settings: {}, leakage: [] },
          contrasts: Object.entries(clusters).map(([pair, [mean, p = 0.0002]]) => {
            const [a = '', b = ''] = pair.split(' ');
            const difference = estimate(mean);
            return { a, b, figure: 'silhouetteCosine', difference, p, pHolm: p };
          }),
        },
      },
    ],
  };
}

const holds = (name: StudyClaimName, outcome: Parameters<typeof outcomeOf>[0]): boolean | null =>
  studyFindings(outcomeOf(outcome))[studyClaimNames.indexOf(name)]!.holds;

describe('a claim', () => {
  it('about the base holds if every model is better, fails if one is worse, and is open otherwise', () => {
    const of = (mlm: Difference): boolean | null =>
      holds('adaptedBeatsBase', { againstBase: { mlm, declutr: [0.05] } });
    expect([of([0.04]), of([-0.04]), of([0.04, 0.2])]).toEqual([true, false, null]);
  });

  it('adjusts for the number of its comparisons', () => {
    const declutr: Difference = [0.05, 0.03];
    expect(holds('adaptedBeatsBase', { againstBase: { declutr } })).toBe(true);
    expect(holds('adaptedBeatsBase', { againstBase: { declutr, mlm: declutr } })).toBeNull();
  });

  it('about contrast compares with other recipes', () => {
    const of = (mean: number, p?: number): boolean | null =>
      holds('contrastiveBestFrozen', {
        pairs: {
          'declutr mlm': p === undefined ? [mean] : [mean, p],
          'declutr category-cross-entropy': [0.05],
        },
      });
    expect([of(0.04), of(-0.04), of(0.04, 0.2)]).toEqual([true, false, null]);
  });

  it('about categories needs clearer clusters and no better classification', () => {
    const clusters: Record<string, Difference> = {
      'category-cross-entropy mlm': [0.1],
      'category-cross-entropy declutr': [0.1],
    };
    const of = (mlm: Difference, declutr: Difference, change = clusters): boolean | null =>
      holds('categoryClearestClusters', {
        pairs: { 'category-cross-entropy mlm': mlm, 'category-cross-entropy declutr': declutr },
        clusters: change,
      });
    expect(of([0.04], [0, 0.9])).toBe(true);
    expect(of([0.04], [0.04])).toBe(false);
    const worse = { ...clusters, 'category-cross-entropy mlm': [-0.1] as const };
    expect(of([0, 0.9], [0, 0.9], worse)).toBe(false);
    const unclear = { ...clusters, 'category-cross-entropy mlm': [0.1, 0.5] as const };
    expect(of([0, 0.9], [0, 0.9], unclear)).toBeNull();
  });

  it('about few parameters goes by how much is lost', () => {
    const of = (mean: number): boolean | null =>
      holds('fewParametersSuffice', { frozen: { mlm: [mean], declutr: [0.01] } });
    expect([of(-0.03), of(-0.2), of(-0.05)]).toEqual([true, false, null]);
  });

  it('that nothing was measured for is open, and says so', () => {
    for (const { holds: found, evidence } of studyFindings(outcomeOf({}))) {
      expect(found).toBeNull();
      expect(evidence).toEqual([expect.stringMatching(/^Not measured: /)]);
    }
  });
});
