import { describe, expect, it } from 'vitest';
import {
  possibleMislabels,
  neighbourOverlap,
  neighbourVotes,
} from '../../../../src/core/analyze/graph/neighbourhoods.js';
import type { NeighbourLists } from '../../../../src/core/analyze/graph/neighbourLists.js';
import { keywords } from '../../../../src/core/analyze/words/keywords.js';
import { repeatedPassages } from '../../../../src/core/analyze/words/repeated.js';
import { fitTerms } from '../../../../src/core/evaluate/words/terms.js';

describe('passages that recur', () => {
  const template = 'Please bring this letter and your medication list to every visit.';
  const second = 'Call the number below if you cannot come on the day given.';

  it('are counted once a note, with their patients', () => {
    const texts = [
      `Seen today. ${template} ${second}`,
      `${template} ${second} Nothing else was found at this visit to the clinic.`,
      `Came late.\n${template}\n${second}`,
      `${template} ${template}`,
    ];
    const { passages, share } = repeatedPassages(texts, ['p1', 'p1', 'p2', 'p3']);
    expect(passages.map(({ documents, groups, words }) => [documents, groups, words])).toEqual([
      [4, 3, 11],
      [3, 2, 12],
    ]);
    const { document, start, end } = passages[0]!.first;
    expect(texts[document]!.slice(start, end)).toBe(template);
    expect(share).toBeGreaterThan(0.5);
    expect(share).toBeLessThanOrEqual(1);
  });

  it('that always follow each other are one', () => {
    const texts = ['one', 'two', 'three'].map((word) => `${word}. ${template} ${second} ${word}.`);
    const { passages } = repeatedPassages(texts, [null, null, null]);
    expect(passages).toHaveLength(1);
    expect(passages[0]).toMatchObject({ documents: 3, groups: null, words: 23 });
    const { start, end } = passages[0]!.first;
    expect(texts[0]!.slice(start, end)).toBe(`${template} ${second}`);
  });

  it('are none in notes that differ, nor short sentences', () => {
    const texts = ['No change. Well.', 'No change. Better.', 'No change. Worse.'];
    expect(repeatedPassages(texts, [null, null, null])).toEqual({ passages: [], share: 0 });
    expect(repeatedPassages([], [])).toEqual({ passages: [], share: 0 });
  });
});

describe('keywords', () => {
  it('name each group by what the others lack, never by rare words', () => {
    const texts = [
      ...Array.from({ length: 5 }, (_, i) => `the chest pain of patient${i} and the cough`),
      ...Array.from({ length: 5 }, (_, i) => `the knee of walker${i} and the swollen joint`),
    ];
    const groups = Int32Array.from(texts, (_, i) => (i < 5 ? 0 : 1));
    const found = keywords(fitTerms(texts, { pairs: false, minDocuments: 1 }), groups, 2);
    expect(found[0]!.slice(0, 3).sort()).toEqual(['chest', 'cough', 'pain']);
    expect(found[1]!.slice(0, 3).sort()).toEqual(['joint', 'knee', 'swollen']);
    expect(found.flat().some((word) => /\d/.test(word))).toBe(false);
  });
});

describe('neighbours', () => {
  const lists = (notes: readonly number[]): NeighbourLists => ({
    count: notes.length / 2,
    k: 2,
    notes: Int32Array.from(notes),
    cosines: new Float64Array(notes.length),
  });

  it('doubt a category that none of them has', () => {
    const categories = Int32Array.of(0, 1, 1);
    const votes = neighbourVotes(lists([1, 2, 0, 2, 0, 1]), categories, 2);
    expect([...votes.agreement]).toEqual([0, 0.5, 0.5]);
    expect([...votes.majority]).toEqual([1, 0, 0]);
    expect(possibleMislabels(votes, categories)).toEqual([0]);
  });

  it('overlap between two models', () => {
    const [a, b] = [lists([1, 2, 0, 2, 3, 1, 0, 1]), lists([2, 1, 0, 3, 0, 3, 2, 0])];
    expect([...neighbourOverlap(a, b)]).toEqual([1, 0.5, 0.5, 0.5]);
  });
});
