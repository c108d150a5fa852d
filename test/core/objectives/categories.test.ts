import { describe, expect, it } from 'vitest';
import { categoryAdvice, countCategories } from '../../../src/core/objectives/categories.js';
import { objectives } from '../../../src/core/objectives/registry.js';
import type { Objective } from '../../../src/core/objectives/objective.js';
import { parseTrainingConfig } from '../../../src/core/train/config.js';
import { objectiveNames } from '../../../src/protocol/catalogue/objectives.js';
import type { ObjectiveName } from '../../../src/protocol/catalogue/objectives.js';
import { toyConfig } from '../train/toyCorpus.js';

/** Documents with so many of each category, and so many without. */
function documentsOf(counts: Readonly<Record<string, number>>, without = 0) {
  const named = Object.entries(counts).flatMap(([category, count]) =>
    Array.from({ length: count }, () => ({ category })),
  );
  return [...named, ...Array.from({ length: without }, () => ({ category: null }))];
}

function objectiveOf(name: ObjectiveName, training: object = {}): Objective {
  return objectives[name]({
    config: toyConfig,
    settings: parseTrainingConfig(training),
    categories: countCategories(documentsOf({ heart: 2, lung: 1 })),
  });
}

/** What the objective says of such documents before a run. */
function advised(
  counts: Readonly<Record<string, number>>,
  without = 0,
  training: object = {},
): readonly string[] {
  return objectiveOf('note-category', training).describe(documentsOf(counts, without)).advice;
}

describe('countCategories', () => {
  it('puts the most frequent first, and equal ones in the order of their names', () => {
    expect(countCategories(documentsOf({ lung: 2, bone: 1, heart: 2 }, 5))).toEqual([
      { name: 'heart', documents: 2 },
      { name: 'lung', documents: 2 },
      { name: 'bone', documents: 1 },
    ]);
    expect(countCategories(documentsOf({}, 3))).toEqual([]);
  });
});

describe('describe', () => {
  it('counts categories for the objective that learns them, and for no other', () => {
    const documents = documentsOf({ heart: 1, lung: 30 }, 2);
    for (const name of objectiveNames) {
      const outlook = objectiveOf(name).describe(documents);
      if (name === 'note-category') {
        const categories = countCategories(documents);
        expect(outlook.categories).toEqual(categories);
        expect(outlook.advice).toEqual(
          categoryAdvice(documents, categories, { categoryWeights: 'equal' }),
        );
        expect(outlook.advice).toHaveLength(3);
      } else expect(outlook, name).toEqual({ categories: null, advice: [] });
    }
  });
});

describe('categoryAdvice', () => {
  it('is silent about categories of about one size', () => {
    expect(advised({ heart: 20, lung: 9, bone: 5 })).toEqual([]);
    expect(categoryAdvice([], [], { categoryWeights: 'equal' })).toEqual([]);
  });

  it('recommends balanced weights from five times the notes on, unless they are set', () => {
    const counts = { heart: 20, lung: 10, bone: 4 };
    expect(advised(counts)).toEqual([
      'The most frequent category has 5 times the notes of the rarest: set categoryWeights to "balanced" to let each category count the same.',
    ]);
    expect(advised(counts, 0, { categoryWeights: 'balanced' })).toEqual([]);
  });

  it('counts categories of a single note', () => {
    expect(advised({ heart: 3, lung: 1, bone: 1 })).toEqual([
      '2 of 3 categories have a single note, from which little can be learned: merge them or choose a coarser field.',
    ]);
  });

  it('counts notes without a category', () => {
    expect(advised({ heart: 3, lung: 3 }, 4)).toEqual([
      '4 of 10 training notes have no category: they train masked language modelling alone.',
    ]);
  });
});
