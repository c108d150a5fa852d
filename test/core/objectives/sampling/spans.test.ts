import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../src/core/base/random.js';
import { planSpans, sampleSpans } from '../../../../src/core/objectives/sampling/spans.js';
import type { Span, SpanSettings } from '../../../../src/core/objectives/sampling/spans.js';
import golden from '../../../golden/contrastive/spans.json' with { type: 'json' };

const settings: SpanSettings = {
  anchorsPerDocument: 2,
  shortestSpan: 32,
  positivesPerAnchor: 2,
  samplingStrategy: 'any',
  maxTokens: 510,
};
const documents = 20_000;

const anySettings = fc.record({
  anchorsPerDocument: fc.integer({ min: 1, max: 6 }),
  shortestSpan: fc.integer({ min: 1, max: 64 }),
  positivesPerAnchor: fc.integer({ min: 1, max: 4 }),
  samplingStrategy: fc.constantFrom('any' as const, 'adjacent' as const, 'subsuming' as const),
  maxTokens: fc.oneof(fc.constant(510), fc.integer({ min: 6, max: 700 })),
});
const anyTokens = fc.oneof(fc.integer({ min: 1, max: 80 }), fc.integer({ min: 1, max: 6000 }));

const size = ({ start, end }: Span): number => end - start;

describe('sampleSpans', () => {
  it('refuses no document, and keeps to its bounds and to the strategy', () => {
    fc.assert(
      fc.property(anyTokens, anySettings, fc.integer(), (tokens, own, seed) => {
        const plan = planSpans(tokens, own);
        const drawn = sampleSpans(tokens, createRandom(seed), own);
        expect(drawn.length).toBe(plan.anchors);
        expect(plan.anchors).toBeLessThanOrEqual(own.anchorsPerDocument);
        expect(plan.shortest).toBeGreaterThanOrEqual(1);
        for (const { anchor, positives } of drawn) {
          expect(positives.length).toBe(own.positivesPerAnchor);
          for (const span of [anchor, ...positives]) {
            expect(span.start).toBeGreaterThanOrEqual(0);
            expect(span.end).toBeLessThanOrEqual(tokens);
            expect(size(span)).toBeGreaterThanOrEqual(plan.shortest);
            expect(size(span)).toBeLessThanOrEqual(Math.min(plan.longest, own.maxTokens, 512));
          }
          for (const positive of positives) {
            const inside = positive.start >= anchor.start && positive.end <= anchor.end;
            const beside = positive.end === anchor.start || positive.start === anchor.end;
            const touches = positive.start <= anchor.end && positive.end >= anchor.start;
            if (tokens < 8) expect(positive).toEqual(anchor);
            else if (own.samplingStrategy === 'subsuming') expect(inside).toBe(true);
            else if (own.samplingStrategy === 'adjacent') expect(beside).toBe(true);
            expect(touches).toBe(true);
          }
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('never lets anchors of a document overlap', () => {
    fc.assert(
      fc.property(anyTokens, anySettings, fc.integer(), (tokens, own, seed) => {
        const anchors = sampleSpans(tokens, createRandom(seed), own)
          .map(({ anchor }) => anchor)
          .sort((a, b) => a.start - b.start);
        anchors.slice(1).forEach(({ start }, i) => {
          expect(start).toBeGreaterThanOrEqual(anchors[i]!.end);
        });
      }),
      { numRuns: 1000 },
    );
  });

  it('adapts to the document', () => {
    const plan = (tokens: number, own: Partial<SpanSettings> = {}) => {
      const { anchors, shortest, longest } = planSpans(tokens, { ...settings, ...own });
      return [anchors, shortest, longest];
    };
    // [anchors, shortest, longest]
    expect(plan(4096)).toEqual([2, 32, 510]);
    expect(plan(4096, { maxTokens: 8190 })).toEqual([2, 32, 512]);
    expect(plan(1000)).toEqual([2, 32, 250]);
    expect(plan(1000, { shortestSpan: 8, maxTokens: 256 })).toEqual([2, 8, 250]);
    expect(plan(200)).toEqual([2, 25, 50]);
    expect(plan(32)).toEqual([2, 4, 8]);
    expect(plan(31)).toEqual([1, 8, 15]);
    expect(plan(8)).toEqual([1, 2, 4]);
    expect(plan(7)).toEqual([1, 7, 7]);
    expect(plan(7, { maxTokens: 6 })).toEqual([1, 6, 6]);
    expect(plan(1)).toEqual([1, 1, 1]);
    expect(plan(100, { anchorsPerDocument: 9 })).toEqual([6, 4, 8]);
    expect(() => sampleSpans(0, createRandom(1), settings)).toThrow('0 tokens');
  });

  it('repeats itself for the same stream', () => {
    const draw = () => sampleSpans(900, createRandom(5, 'spans', 3), settings);
    expect(draw()).toEqual(draw());
    expect(draw()).not.toEqual(sampleSpans(900, createRandom(5, 'spans', 4), settings));
  });

  it('draws lengths from Beta(4, 2) and Beta(2, 4)', () => {
    const { shortest, longest } = planSpans(4096, settings);
    const lengths = { anchor: [] as number[], positive: [] as number[] };
    for (let i = 0; i < documents; i++) {
      const [first] = sampleSpans(4096, createRandom(11, 'lengths', i), settings);
      lengths.anchor.push(size(first!.anchor));
      lengths.positive.push(size(first!.positives[0]!));
    }
    // The chance that at least a of 5 uniform numbers are below x.
    const anchorChance = (x: number): number => 5 * x ** 4 * (1 - x) + x ** 5;
    const positiveChance = (x: number): number => 1 - (1 - x) ** 5 - 5 * x * (1 - x) ** 4;
    for (const [values, chance] of [
      [lengths.anchor, anchorChance],
      [lengths.positive, positiveChance],
    ] as const) {
      // Kolmogorov-Smirnov, at the whole numbers where both functions step.
      let statistic = 0;
      for (let length = shortest; length < longest; length++) {
        const share = values.filter((value) => value <= length).length / documents;
        const expected = chance((length + 1 - shortest) / (longest - shortest));
        statistic = Math.max(statistic, Math.abs(share - expected));
      }
      expect(statistic).toBeLessThan(1.95 / Math.sqrt(documents));
    }
  });

  it.each(golden)(
    'has the distributions of the reference: $tokens tokens, $anchors anchors, $strategy',
    ({ tokens, anchors, shortest, longest, strategy, byAnchor }) => {
      const own = {
        ...settings,
        anchorsPerDocument: anchors,
        samplingStrategy: strategy as SpanSettings['samplingStrategy'],
      };
      expect(planSpans(tokens, own)).toEqual({ anchors, shortest, longest });
      const drawn = Array.from({ length: documents }, (_, i) =>
        sampleSpans(tokens, createRandom(12, strategy, tokens, i), own),
      );
      byAnchor.forEach((reference, i) => {
        const spans = drawn.map((document) => {
          const { anchor, positives } = document[i]!;
          return { anchor, positive: positives[0]! };
        });
        const values = {
          anchorStart: spans.map(({ anchor }) => anchor.start),
          anchorLength: spans.map(({ anchor }) => size(anchor)),
          positiveOffset: spans.map(({ anchor, positive }) => positive.start - anchor.start),
          positiveLength: spans.map(({ positive }) => size(positive)),
        };
        for (const name of [
          'anchorStart',
          'anchorLength',
          'positiveOffset',
          'positiveLength',
        ] as const) {
          const statistic = twoSamples(reference[name], values[name]);
          // One chance in ten thousand, for two samples of this size.
          expect(statistic, `${name} of anchor ${i}`).toBeLessThan(2.23 * Math.sqrt(2 / documents));
        }
      });
    },
  );
});

/** Kolmogorov-Smirnov over the edges of the reference's histogram. */
function twoSamples(
  { edges, counts }: { edges: readonly number[]; counts: readonly number[] },
  values: readonly number[],
): number {
  const sorted = Float64Array.from(values).sort();
  let reference = 0;
  let below = 0;
  let statistic = 0;
  edges.forEach((edge, i) => {
    while (below < sorted.length && sorted[below]! < edge) below++;
    statistic = Math.max(statistic, Math.abs(below / sorted.length - reference / documents));
    reference += counts[i] ?? 0;
  });
  return statistic;
}
