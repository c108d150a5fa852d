import { describe, expect, it } from 'vitest';
import type { SparseRows } from '../../../src/core/evaluate/logistic/featureMatrix.js';
import { bayesProbabilities, fitNaiveBayes } from '../../../src/core/evaluate/words/naiveBayes.js';
import { wordsOf } from '../../../src/core/corpus/terms.js';
import { fitTerms } from '../../../src/core/evaluate/words/terms.js';
import { fitTfIdf, rowSimilarities } from '../../../src/core/evaluate/words/tfIdf.js';
import golden from '../../golden/evaluate/text.json' with { type: 'json' };

const { texts, others } = golden;

function expectRows(
  ours: SparseRows,
  theirs: { starts: number[]; indices: number[]; values: number[] },
): void {
  expect([...ours.starts]).toEqual(theirs.starts);
  expect([...ours.indices]).toEqual(theirs.indices);
  ours.values.forEach((value, i) => {
    expect(value).toBeCloseTo(theirs.values[i]!, 12);
  });
}

describe('fitTfIdf', () => {
  it.each(golden.tfIdf)('agrees with scikit-learn: $options', (expected) => {
    const fitted = fitTfIdf(texts, expected.options);
    expect(fitted.terms).toEqual(expected.terms);
    expected.inverseFrequencies.forEach((value, i) => {
      expect(fitted.inverseFrequencies[i]).toBeCloseTo(value, 12);
    });
    expectRows(fitted.rows, expected.rows);
    expectRows(fitted.transform(others), expected.others);
  });
});

describe('wordsOf', () => {
  it('takes for parts of a word what Python does', () => {
    const wrong: string[] = [];
    const isWord = new Uint8Array(0x110000);
    for (const [from, to] of golden.wordCharacters) isWord.fill(1, from, to! + 1);
    for (let code = 0; code < 0x110000; code++) {
      const character = String.fromCodePoint(code);
      // The letters of Unicode versions after Python's.
      if (isWord[code] === 1 && !/[\p{L}\p{N}_]/u.test(character)) wrong.push(code.toString(16));
    }
    expect(wrong).toEqual([]);
    const ascii = Array.from({ length: 0x250 }, (_, code) => code);
    for (const code of ascii) {
      expect(/[\p{L}\p{N}_]/u.test(String.fromCodePoint(code))).toBe(isWord[code] === 1);
    }
  });

  it('leaves out single letters and lowers capitals', () => {
    expect(wordsOf('A bc-DE f_1 ²')).toEqual(['bc', 'de', 'f_1']);
  });
});

describe('fitTerms', () => {
  it('numbers many different pairs alike', () => {
    const many = Array.from({ length: 40 }, (_, i) =>
      Array.from({ length: 200 }, (_, k) => `w${(i * 37 + k * k) % 211}`).join(' '),
    );
    const { terms, counts, documents } = fitTerms(many, { pairs: true, minDocuments: 1 });
    const expected = new Map<string, number>();
    for (const text of many) {
      const words = text.split(' ');
      const pairs = words.slice(1).map((word, i) => `${words[i]!} ${word}`);
      for (const term of new Set([...words, ...pairs])) {
        expected.set(term, (expected.get(term) ?? 0) + 1);
      }
    }
    expect(terms).toEqual([...expected.keys()].sort());
    expect([...documents]).toEqual(terms.map((term) => expected.get(term)));
    expect(counts.values.reduce((sum, value) => sum + value, 0)).toBe(40 * 399);
  });

  it('finds no terms in no texts', () => {
    expect(fitTerms([], { pairs: true, minDocuments: 1 })).toMatchObject({ terms: [] });
  });
});

describe('naive Bayes', () => {
  it('agrees with scikit-learn', () => {
    const { counts, count } = fitTerms(texts, { pairs: true, minDocuments: 1 });
    const model = fitNaiveBayes(counts, Int32Array.from(golden.classes), 3);
    bayesProbabilities(model, count(others)).forEach((value, i) => {
      expect(value).toBeCloseTo(golden.naiveBayes[i]!, 10);
    });
  });

  it('gives a class that training lacked the probability 0', () => {
    const { counts, count } = fitTerms(texts, { pairs: false, minDocuments: 1 });
    const model = fitNaiveBayes(counts, Int32Array.from(golden.classes), 4);
    const probabilities = bayesProbabilities(model, count(others));
    for (let row = 0; row < others.length; row++) {
      const own = [...probabilities.subarray(row * 4, row * 4 + 4)];
      expect(own[3]).toBe(0);
      expect(own.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
    }
  });
});

describe('rowSimilarities', () => {
  it('gives cosines, 0 for a text without known words', () => {
    const { rows, transform } = fitTfIdf(['red apple', 'green apple', 'blue sky'], {
      pairs: false,
      minDocuments: 1,
      sublinear: false,
    });
    const similarities = rowSimilarities(transform(['blue sky', 'nothing known']), rows);
    expect(similarities[0]).toBe(0);
    expect(similarities[2]).toBeCloseTo(1, 6);
    expect([...similarities.subarray(3)]).toEqual([0, 0, 0]);
    const apples = rowSimilarities(rows, rows);
    expect(apples[1]).toBeCloseTo(apples[3]!, 7);
    expect(apples[1]).toBeGreaterThan(0.3);
  });
});
