import { expect, it } from 'vitest';
import { categoryProblem, objectiveItems } from '../../src/extension/ask/objectives.js';
import type { Corpus } from '../../src/extension/corpora/corpora.js';

const corpus = { name: 'ward', isFolder: true } as Corpus;
const table = { ...corpus, isFolder: false };
const remark = (categories: Record<string, number> | null) =>
  objectiveItems(categories).at(-1)?.description ?? '';

it('Each objective has a sentence of what it learns and needs', () => {
  const items = objectiveItems(null);
  expect(items.map(({ value }) => value)).toEqual(['mlm', 'declutr', 'note-category']);
  for (const { detail } of items) expect(detail).toMatch(/^Learns .*\. Needs .*\.$/);
});

it('Categories are counted, and said to be out of balance where they are', () => {
  expect(remark(null)).toBe('');
  expect(remark({ a: 120, b: 100 })).toBe('2 categories of 100 to 120 notes');
  expect(remark({ a: 1200, b: 100 })).toMatch(/^\$\(warning\) .* out of balance$/);
  expect(remark({ a: 5 })).toContain('not with this corpus');
});

it('Without categories the user is told what to do', () => {
  expect(categoryProblem({ a: 1, b: 1 }, corpus)).toBeNull();
  expect(categoryProblem({}, corpus)).toMatch(/^The notes of ward have no category: .*sub-folders/);
  expect(categoryProblem({ a: 9 }, table)).toMatch(/^All notes of ward are of one.*column/);
});
