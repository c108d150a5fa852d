import { expect, it } from 'vitest';
import { objectiveItems, objectiveProblem } from '../../src/extension/ask/objectives.js';
import type { Corpus } from '../../src/extension/corpora/corpora.js';
import { fieldRoleNames } from '../../src/protocol/catalogue/fieldRoles.js';
import { objectiveNames } from '../../src/protocol/catalogue/objectives.js';
import type { FieldMapping } from '../../src/protocol/catalogue/fieldRoles.js';

const corpus = { name: 'ward', isFolder: true } as Corpus;
const table = { ...corpus, isFolder: false };
const noFields = Object.fromEntries(fieldRoleNames.map((role) => [role, null])) as FieldMapping;
const remark = (categories: Record<string, number> | null) =>
  objectiveItems(categories).find(({ value }) => value === 'note-category')?.description ?? '';

it('Each objective has a sentence of what it learns and needs', () => {
  const items = objectiveItems(null);
  expect(items.map(({ value }) => value)).toEqual(objectiveNames);
  for (const { detail } of items) expect(detail).toMatch(/^Learns .*\. .*needs? .*\.$/i);
});

it('Categories are counted, and said to be out of balance where they are', () => {
  expect(remark(null)).toBe('');
  expect(remark({ a: 120, b: 100 })).toBe('2 categories of 100 to 120 notes');
  expect(remark({ a: 1200, b: 100 })).toMatch(/^\$\(warning\) .* out of balance$/);
  expect(remark({ a: 5 })).toContain('not with this corpus');
});

const problem = (categories: Record<string, number>, ofCorpus: Corpus): string | null =>
  objectiveProblem('note-category', { categories, mapping: noFields }, ofCorpus);

it('Without categories the user is told what to do', () => {
  expect(problem({ a: 1, b: 1 }, corpus)).toBeNull();
  expect(problem({}, corpus)).toMatch(/^The notes of ward have no category: .*sub-folders/);
  expect(problem({ a: 9 }, table)).toMatch(/^All notes of ward are of one.*column/);
});

it('An objective that needs nothing takes any notes', () => {
  expect(objectiveProblem('mlm', { categories: {}, mapping: noFields }, corpus)).toBeNull();
});
