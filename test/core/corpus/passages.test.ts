import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutPassages } from '../../../src/core/corpus/passages.js';

/** A token a word, and one for each ten characters of a long one. */
const countTokens = (text: string): number =>
  (text.match(/\S+/g) ?? []).reduce((count, word) => count + Math.ceil(word.length / 10), 0);

function texts(text: string, maxTokens: number, minTokens = 0): string[] {
  return cutPassages(text, { maxTokens, minTokens, countTokens }).map(({ start, end }) =>
    text.slice(start, end),
  );
}

const noteText = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        'PLAN',
        'PMH:',
        '# Findings',
        '\n\n',
        '\n',
        '. ',
        'x'.repeat(64),
        '🙂',
        '\r\n',
      ),
      fc.lorem({ maxCount: 12 }),
      fc.string({ unit: 'grapheme', maxLength: 20 }),
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(' '));

describe('cutPassages', () => {
  it('covers all text that is not blank, in order, within the limit', () => {
    fc.assert(
      fc.property(
        noteText,
        fc.integer({ min: 1, max: 60 }),
        fc.boolean(),
        (text, maxTokens, joins) => {
          const minTokens = joins ? maxTokens >> 2 : 0;
          const passages = cutPassages(text, { maxTokens, minTokens, countTokens });
          let reached = 0;
          passages.forEach(({ index, start, end }, i) => {
            expect(index).toBe(i);
            expect(text.slice(reached, start).trim()).toBe('');
            const passage = text.slice(start, end);
            expect(passage).toBe(passage.trim());
            expect(passage).not.toBe('');
            expect(countTokens(passage)).toBeLessThanOrEqual(maxTokens);
            // Never half a character.
            expect(Buffer.from(passage).toString()).toBe(passage);
            reached = end;
          });
          expect(text.slice(reached).trim()).toBe('');
        },
      ),
      { numRuns: 500 },
    );
  });

  it('leaves a note that fits whole, without blank space around it', () => {
    expect(cutPassages('\n  Short note.\n', { maxTokens: 5, countTokens })).toEqual([
      { index: 0, start: 3, end: 14 },
    ]);
    expect(cutPassages(' \n', { maxTokens: 5, countTokens })).toEqual([]);
  });

  it('cuts before headers first, and puts whole sections together', () => {
    const note = 'HISTORY\none two three\n\nEXAMINATION\nfour five\nPlan:\nsix seven eight nine';
    expect(texts(note, 8)).toEqual([
      'HISTORY\none two three\n\nEXAMINATION\nfour five',
      'Plan:\nsix seven eight nine',
    ]);
  });

  it('then between paragraphs, sentences and words', () => {
    expect(texts('a b c.\n\nd e f.', 4)).toEqual(['a b c.', 'd e f.']);
    expect(texts('One two three. Four five six. Seven.', 4)).toEqual([
      'One two three.',
      'Four five six. Seven.',
    ]);
    expect(texts('a b c d e f g', 3)).toEqual(['a b c', 'd e f', 'g']);
    expect(texts('y'.repeat(40), 2).join('')).toBe('y'.repeat(40));
  });

  it('joins what is left over with what stands beside it', () => {
    expect(texts('a b c d e f g', 6)).toEqual(['a b c d e f', 'g']);
    // Too much for one passage: cut anew, into two of a like size.
    expect(texts('a b c d e f g', 6, 2)).toEqual(['a b c d e', 'f g']);
    const note = 'HISTORY\none two three four five\n\nPLAN\nrest\nDRUGS\nsix seven eight nine ten';
    expect(texts(note, 6)).toEqual([
      'HISTORY\none two three four five',
      'PLAN\nrest',
      'DRUGS\nsix seven eight nine ten',
    ]);
    expect(texts(note, 8, 3)).toEqual([
      'HISTORY\none two three four five\n\nPLAN\nrest',
      'DRUGS\nsix seven eight nine ten',
    ]);
    // A whole note may be short.
    expect(texts('rest', 8, 3)).toEqual(['rest']);
  });

  it('gives one character a passage of its own when even that is too long', () => {
    expect(texts('🙂🙂', 1).length).toBe(1);
    const everyCharacterIsTwo = (text: string): number => 2 * Array.from(text).length;
    const passages = cutPassages('ab', { maxTokens: 1, countTokens: everyCharacterIsTwo });
    expect(passages.map(({ start, end }) => [start, end])).toEqual([
      [0, 1],
      [1, 2],
    ]);
  });
});
