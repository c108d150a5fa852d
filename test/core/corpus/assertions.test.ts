import { describe, expect, it } from 'vitest';
import { assertionsIn } from '../../../src/core/corpus/assertions.js';

/** Which of the words of a text are negated, or about the family. */
function said(text: string, kind: 'negated' | 'family'): string[] {
  const ranges = assertionsIn(text).filter((range) => range.kind === kind);
  return [...text.matchAll(/[\p{L}\p{N}]+/gu)]
    .filter(({ index }) => ranges.some(({ start, end }) => index >= start && index < end))
    .map(([word]) => word.toLowerCase());
}

describe('assertionsIn', () => {
  it.each([
    ['No chest pain.', ['chest', 'pain']],
    ['She denies chest pain, cough or fever.', ['chest', 'pain', 'cough', 'or', 'fever']],
    ['No fever but chest pain since Monday.', ['fever']],
    ['Chest pain: no, cough: yes.', ['chest', 'pain']],
    ['Chest: no pain.', ['pain']],
    ['CXR negative for pneumonia. Cough persists.', ['pneumonia']],
    ['Pulmonary embolism was ruled out.', ['pulmonary', 'embolism', 'was']],
    ['Fever is absent', ['fever', 'is']],
    ['He doesn’t smoke', ['smoke']],
    ['No known allergies\nPenicillin rash', ['known', 'allergies']],
    ['Pneumonia cannot be excluded', []],
    ['Not only pain', []],
    ['Gram-negative sepsis', []],
    ['Nothing to report of pain, knows Norbert', []],
  ])('finds what is negated in %j', (text, words) => {
    expect(said(text, 'negated')).toEqual(words);
  });

  it('reaches no further than ten words', () => {
    const words = Array.from({ length: 15 }, (_, i) => `w${i}`);
    expect(said(`No ${words.join(' ')}`, 'negated')).toEqual(words.slice(0, 10));
  });

  it.each([
    ['Mother had breast cancer. Smokes.', ['mother', 'had', 'breast', 'cancer']],
    ['Family history: diabetes; asthma in childhood', ['family', 'history', 'diabetes']],
    ['Mother reports a cough.', []],
    ['Brought in by mother with fever', []],
  ])('finds what is about the family in %j', (text, words) => {
    expect(said(text, 'family')).toEqual(words);
  });

  it('gives ranges of the text as it is, merged', () => {
    const text = 'Seen today. No cough, no fever.';
    const [range, ...others] = assertionsIn(text);
    expect(others).toEqual([]);
    expect(text.slice(range!.start, range!.end).trim()).toBe('cough, no fever');
    expect(assertionsIn('')).toEqual([]);
  });
});
