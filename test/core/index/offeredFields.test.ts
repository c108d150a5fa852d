import { expect, it } from 'vitest';
import { offeredFields } from '../../../src/core/index/filter/offeredFields.js';
import type { SnapshotNote } from '../../../src/core/index/snapshotNote.js';

const kept = [
  { name: 'ward', type: 'text' },
  { name: 'age', type: 'number' },
  { name: 'surname', type: 'text' },
  { name: 'remark', type: 'text' },
  { name: 'empty', type: 'text' },
] as const;

const notes = Array.from({ length: 60 }, (_, i): SnapshotNote => {
  const fields = {
    ward: i % 3 === 0 ? 'B' : 'A',
    age: i === 7 ? 9 : 20 + i,
    surname: 'Smith',
    remark: `remark ${i}`,
    empty: null,
  };
  return {
    ...{ key: `k${i}`, id: `n${i}`, fingerprint: '', label: null, group: `p${i}`, fields },
    ...{ category: i < 50 ? 'Nursing' : 'Surgery', date: i === 0 ? null : `2021-0${1 + (i % 9)}` },
    ...{ file: null, folder: null, vector: new Float32Array(), passages: [] },
  };
});

it('offers roles and kept columns, with values by frequency and ranges by size', () => {
  expect(offeredFields({ notes }, kept)).toEqual([
    {
      ...{ name: 'category', type: 'text', range: null },
      values: [
        { value: 'Nursing', count: 50 },
        { value: 'Surgery', count: 10 },
      ],
    },
    { name: 'date', type: 'date', values: [], range: { first: '2021-01', last: '2021-09' } },
    {
      ...{ name: 'ward', type: 'text', range: null },
      values: [
        { value: 'A', count: 40 },
        { value: 'B', count: 20 },
      ],
    },
    // As numbers: 9 is less than 20.
    { name: 'age', type: 'number', values: [], range: { first: '9', last: '79' } },
  ]);
});

it('never offers what tells people apart, nor what every note has its own of', () => {
  const names = offeredFields({ notes }, kept).map(({ name }) => name);
  for (const name of ['id', 'group', 'surname', 'remark', 'empty', 'label', 'folder']) {
    expect(names).not.toContain(name);
  }
});
