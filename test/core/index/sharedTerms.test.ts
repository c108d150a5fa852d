import { expect, it } from 'vitest';
import { hashText } from '../../../src/core/base/hash.js';
import { sharedTerms, tellingTerms, termWeights } from '../../../src/core/index/sharedTerms.js';
import { postingsOf } from '../../../src/core/index/terms/postings.js';
import { termRowsOf } from '../../../src/core/index/terms/termRows.js';

const texts = [
  'ct head, no bleed',
  'ct abdomen, no stones',
  'no fever, eating well',
  'wound is dry, no pain',
  'seen by the dietician',
  'slept well',
];
const postings = postingsOf(
  termRowsOf(texts.map((text) => ({ key: hashText(text), fingerprint: hashText(text), text }))),
);

/** The words that explain why two notes are alike. */
function telling(one: string, other: string): string[] {
  const shared = sharedTerms(termWeights(postings, one), termWeights(postings, other), 8);
  return tellingTerms(postings, shared).map(({ term }) => term);
}

it('Words that half of all notes hold explain nothing', () => {
  expect(telling('ct head, no bleed', 'ct abdomen, no stones')).toEqual(['ct']);
});

it('unless nothing else is shared', () => {
  expect(telling('ct head, no bleed', 'no fever, eating well')).toEqual(['no']);
});
