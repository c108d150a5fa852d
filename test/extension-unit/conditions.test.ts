import { expect, it } from 'vitest';
import { parseFilter } from '../../src/core/index/filter/parseFilter.js';
import { conditionText, limitProblem, whereOf } from '../../src/extension/lookup/conditions.js';

const none = { field: 'ward', type: 'text', values: [], from: '', to: '' } as const;

it('writes conditions as filters that are read as they were meant', () => {
  const hostile = String.raw`a") or "id" = "\ `;
  const where = whereOf([
    { ...none, field: 'my "ward"', values: [hostile, 'B'] },
    { ...none, field: 'date', type: 'date', from: '2021', to: '2022-03' },
  ]);
  expect(parseFilter(where ?? '')).toEqual({
    kind: 'all',
    of: [
      { kind: 'oneOf', field: 'my "ward"', values: [hostile, 'B'] },
      { kind: 'compare', field: 'date', by: '>=', value: '2021' },
      { kind: 'compare', field: 'date', by: '<=', value: '2022-03' },
    ],
  });
  expect(whereOf([])).toBe(undefined);
});

it('says conditions in few words', () => {
  expect(conditionText({ ...none, values: ['A', 'B', 'C', 'D'] })).toBe('ward: A, B and 2 more');
  expect(conditionText({ ...none, from: '1' })).toBe('ward: from 1');
  expect(conditionText({ ...none, to: '9' })).toBe('ward: up to 9');
  expect(conditionText({ ...none, from: '1', to: '9' })).toBe('ward: 1 – 9');
});

it('refuses limits that cannot be compared', () => {
  for (const date of ['2021', '2021-03', '2021-03-15', '']) {
    expect(limitProblem('date', date)).toBe(null);
  }
  expect(limitProblem('date', '15.3.2021')).toMatch(/such as 2021-03-15/);
  expect(limitProblem('number', '-1.5')).toBe(null);
  expect(limitProblem('number', 'old')).toBe('Enter a number.');
});
