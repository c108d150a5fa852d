import { describe, expect, it } from 'vitest';
import { comparedModels, plannedComparisons } from '../../../src/core/evaluate/comparisons.js';
import type { Comparison, ScoredModel } from '../../../src/core/evaluate/comparisons.js';
import { fallSentence, leadSentences } from '../../../src/core/evaluate/leakage/leads.js';
import { verdictSentences } from '../../../src/core/evaluate/verdict.js';

const names = {
  nameOf: (model: string) => (model === 'declutr' ? 'DeCLUTR' : model),
  whenIn: (protocol: string) => (protocol === 'fine-tuning' ? 'fine-tuned' : protocol),
};

function compared(
  against: Comparison['against'],
  a: string,
  protocol: string,
  [mean, low, high]: readonly [number, number, number],
  shots: Comparison['shots'] = 'all',
): Comparison {
  const pHolm = low > 0 || high < 0 ? 0.01 : 0.5;
  const b = against === 'tfIdf' ? 'tf-idf' : 'base';
  return { a, b, against, protocol, shots, difference: { mean, low, high }, p: pHolm, pHolm };
}

describe('The verdict', () => {
  it('says in one sentence each what beats what, and by how much', () => {
    const comparisons = [
      compared('base', 'declutr', 'frozen', [0.041, 0.026, 0.057]),
      compared('base', 'declutr', 'fine-tuning', [0.004, -0.008, 0.019]),
      compared('tfIdf', 'declutr', 'frozen', [-0.03, -0.048, -0.012]),
      compared('tfIdf', 'base', 'frozen', [-0.071, -0.09, -0.05]),
      compared('tfIdf', 'declutr', 'fine-tuning', [0.02, 0.01, 0.03]),
      compared('tfIdf', 'base', 'fine-tuning', [0.016, -0.0002, 0.03]),
    ];
    expect(verdictSentences(comparisons, names)).toEqual([
      'DeCLUTR beats its base by 4.1 points of macro-F1 when frozen (2.6 to 5.7); no clear difference when fine-tuned (−0.8 to 1.9).',
      'TF-IDF beats both when frozen: DeCLUTR by 3.0 points (1.2 to 4.8), base by 7.1 points (5.0 to 9.0).',
      'When fine-tuned, TF-IDF is beaten by DeCLUTR by 2.0 points (1.0 to 3.0); no clear difference between TF-IDF and base (0.0 to 3.0).',
    ]);
  });

  it('calls a base only what is one', () => {
    const comparisons = [
      compared('first', 'declutr', 'frozen', [0.041, 0.026, 0.057]),
      compared('first', 'other', 'frozen', [0.01, -0.01, 0.03]),
    ];
    expect(verdictSentences(comparisons, names)).toEqual([
      'DeCLUTR beats base by 4.1 points of macro-F1 when frozen (2.6 to 5.7).',
      'other is not clearly better or worse than base when frozen (−1.0 to 3.0).',
    ]);
  });

  it('says why nothing is found where an interval leaves out 0', () => {
    const [one] = [compared('base', 'declutr', 'frozen', [0.02, 0.001, 0.04])];
    expect(verdictSentences([{ ...one, p: 0.03, pHolm: 0.12 }], names)).toEqual([
      'DeCLUTR is not clearly better or worse than its base when frozen (0.1 to 4.0 by itself, but p = 0.12 among all comparisons).',
    ]);
  });

  it('starts a sentence once', () => {
    const one = compared('tfIdf', 'declutr', 'frozen', [0.02, 0.01, 0.04], 8);
    expect(verdictSentences([one], names)).toEqual([
      'With 8 labels per class, when frozen, TF-IDF is beaten by DeCLUTR by 2.0 points (1.0 to 4.0).',
    ]);
  });

  it('says what fewer labels change', () => {
    const low = [0.05, 0.02, 0.08] as const;
    const none = [0.01, -0.02, 0.03] as const;
    const comparisons = [
      compared('base', 'declutr', 'frozen', low, 16),
      compared('base', 'declutr', 'frozen', low, 8),
      compared('base', 'declutr', 'frozen', none, 64),
      compared('base', 'declutr', 'frozen', [-0.05, -0.08, -0.02], 128),
    ];
    expect(verdictSentences(comparisons, names)).toEqual([
      'With 128 labels per class, DeCLUTR is worse than its base by 5.0 points of macro-F1 when frozen (2.0 to 8.0).',
      'With fewer labels, DeCLUTR when frozen beats its base with 8 and 16 labels per class; is not clearly better or worse than its base with 64 labels per class.',
    ]);
    expect(verdictSentences([], names)).toEqual([]);
  });
});

describe('Without the words that name the classes', () => {
  const before = [
    compared('base', 'declutr', 'frozen', [0.041, 0.026, 0.057]),
    compared('base', 'other', 'frozen', [-0.041, -0.057, -0.026]),
    compared('tfIdf', 'declutr', 'frozen', [0.05, 0.03, 0.07]),
    compared('tfIdf', 'other', 'frozen', [0.01, -0.03, 0.07]),
    compared('base', 'declutr', 'frozen', [0.041, 0.026, 0.057], 8),
  ];
  const after = [
    compared('base', 'declutr', 'frozen', [0.004, -0.01, 0.02]),
    compared('base', 'other', 'frozen', [0.03, 0.02, 0.04]),
    compared('tfIdf', 'declutr', 'frozen', [0.04, 0.02, 0.06]),
    compared('tfIdf', 'other', 'frozen', [0.05, 0.03, 0.07]),
    compared('base', 'declutr', 'frozen', [0, -0.01, 0.01], 8),
  ];

  it('leads that vanish are named, and those that hold', () => {
    expect(leadSentences(before, after, names)).toEqual([
      'Without the words that name the classes, DeCLUTR no longer clearly beats its base when frozen (−1.0 to 2.0): its lead of 4.1 points came from them.',
      'Without the words that name the classes, the base of other no longer clearly beats other when frozen but falls behind by 3.0 points (2.0 to 4.0): its lead of 4.1 points came from them.',
      'Without the words that name the classes, DeCLUTR still beats TF-IDF by 4.0 points when frozen (2.0 to 6.0).',
    ]);
    expect(leadSentences([], [], names)).toEqual([]);
  });

  it('says how far macro-F1 falls, the most first', () => {
    const of = (model: string, whole: number, without: number) => ({
      ...{ model, whole, without, protocol: 'frozen' },
    });
    const measured = [of('declutr', 0.8, 0.79), of('tf-idf', 0.9, 0.7), of('other', 0.5, 0.51)];
    expect(fallSentence(measured, { words: 3, changed: 40, notes: 90 }, names)).toBe(
      'The 3 words that name the classes occurred in 40 of 90 notes; without them macro-F1 changes in points: tf-idf when frozen −20.0, DeCLUTR when frozen −1.0, other when frozen +1.0.',
    );
    expect(fallSentence([], { words: 1, changed: 0, notes: 9 }, names)).toBeNull();
  });
});

describe('Planned comparisons', () => {
  it('are with the base where it is known, and otherwise with the first model', () => {
    const bases = new Map([
      ['a', 'elsewhere'],
      ['c', 'b'],
    ]);
    const of = (...named: string[]) =>
      comparedModels(named, (model) => bases.get(model) ?? null).map(
        ({ model, reference }) =>
          `${model}: ${reference === null ? 'none' : `${reference.is} ${reference.model}`}`,
      );
    expect(of('a', 'b', 'c')).toEqual(['a: none', 'b: first a', 'c: base b']);
    // Nothing is compared twice.
    expect(of('c', 'b', 'a')).toEqual(['c: base b', 'b: none', 'a: first c']);
  });

  const scored = (
    model: string,
    macroF1: number,
    protocol = 'frozen',
    shots: ScoredModel['shots'] = 'all',
  ): ScoredModel => ({
    model,
    protocol,
    shots,
    macroF1,
    resampled: Float64Array.from({ length: 999 }, (_, i) => macroF1 + ((i * 7) % 10) / 1000),
  });
  const all = [
    scored('base', 0.6),
    scored('declutr', 0.7),
    scored('declutr', 0.8, 'fine-tuning'),
    scored('declutr', 0.5, 'frozen', 8),
    scored('tf-idf', 0.7),
    scored('majority', 0.1),
  ];
  const models = [
    { model: 'base', reference: null },
    { model: 'declutr', reference: { model: 'base', is: 'base' as const } },
  ];

  it('are those with the base and with TF-IDF in the same setting', () => {
    const comparisons = plannedComparisons(all, models);
    expect(comparisons.map(({ a, b, protocol, shots }) => [a, b, protocol, shots])).toEqual([
      ['base', 'tf-idf', 'frozen', 'all'],
      ['declutr', 'base', 'frozen', 'all'],
      ['declutr', 'tf-idf', 'frozen', 'all'],
      ['declutr', 'tf-idf', 'fine-tuning', 'all'],
    ]);
    const [, found, same] = comparisons;
    expect(found!.difference.mean).toBeCloseTo(0.1, 12);
    expect(found!.p).toBeCloseTo(0.002, 12);
    expect(found!.pHolm).toBeCloseTo(0.008, 12);
    expect([same!.p, same!.pHolm]).toEqual([1, 1]);
  });
});
