import { describe, expect, it } from 'vitest';
import type { Document } from '../../../src/core/corpus/document.js';
import { wordsOf } from '../../../src/core/corpus/remark.js';
import { createSpoiltValues } from '../../../src/core/corpus/spoiltValues.js';
import { document } from './documents.js';

function said(documents: readonly Partial<Document>[]): string[] {
  const values = createSpoiltValues();
  for (const facts of documents) values.see(document('a', { row: 7, ...facts }));
  const sentences: string[] = [];
  values.report('notes.csv', (where, what, effect) =>
    sentences.push(`${where} ${effect} ${wordsOf(what, 'commandLine')}`),
  );
  return sentences;
}

describe('What an export spoilt', () => {
  it.each([
    [[32_767, 40], 1],
    [[4000, 4000, 12], 1],
    // One may be so long by chance.
    [[4000, 12], 0],
    // Where one is longer, nothing was cut.
    [[4000, 4000, 4001], 0],
    [[777, 777, 777], 0],
  ])('texts of %j characters: %i remarks', (lengths, remarks) => {
    const found = said(lengths.map((length) => ({ text: 'x'.repeat(length) })));
    expect(found).toHaveLength(remarks);
    for (const sentence of found) expect(sentence).toMatch(/^notes.csv:7 kept .*cut them off/);
  });

  it('is an id or patient that Excel rounded, made unique or not', () => {
    expect(said([{ id: '1.23457E+17' }, { id: '1.23457E+17#2' }, { group: '4,1E+12' }])).toEqual([
      expect.stringMatching(/^notes.csv:7 kept 3 notes have an id or patient such as 1.2E\+17/),
    ]);
    expect(said([{ id: '1E+05' }, { id: '12E+17b' }, { id: 'E+17' }])).toEqual([]);
  });
});
