import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { headerOf, paragraphAt, sectionsOf } from '../../../src/core/corpus/sections.js';

describe('headerOf', () => {
  it.each([
    ['PAST MEDICAL HISTORY', 'PAST MEDICAL HISTORY'],
    ['PAST MEDICAL HISTORY:', 'PAST MEDICAL HISTORY'],
    ['Past medical history:', 'Past medical history'],
    ['PMH: asthma, eczema', 'PMH'],
    ['O/E: comfortable', 'O/E'],
    ['## Findings ##', 'Findings'],
    ['  Plan:  ', 'Plan'],
    ['Seen at 14:35 by the registrar.', null],
    ['ADMITTED WITH CHEST PAIN. ECG NORMAL.', null],
    ['39YOM WAS LIGHTING BOTTLE ROCKETS AND ONE FLEW INTO EYE CORNEAL ABRASION', null],
    ['ECG', 'ECG'],
    ['OK', null],
    ['- chase bloods', null],
    ['He said that he would like to go home tomorrow: daughter agrees', null],
    ['', null],
  ])('%j', (line, header) => {
    expect(headerOf(line)).toBe(header);
  });
});

describe('sectionsOf', () => {
  it('cuts before each header', () => {
    const text = 'Seen today.\nPMH: asthma\nPLAN\n1. Home\n';
    expect(
      sectionsOf(text).map(({ header, start, end }) => [header, text.slice(start, end)]),
    ).toEqual([
      [null, 'Seen today.\n'],
      ['PMH', 'PMH: asthma\n'],
      ['PLAN', 'PLAN\n1. Home\n'],
    ]);
  });

  it('joins up to the whole text', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('PLAN\n', 'x: y\n', '\n', 'word ', '\r\n')), (parts) => {
        const text = parts.join('');
        expect(
          sectionsOf(text)
            .map(({ start, end }) => text.slice(start, end))
            .join(''),
        ).toBe(text);
      }),
    );
  });
});

describe('paragraphAt', () => {
  const text =
    'First line\r\nsecond line\r\n\r\nPLAN\r\n1. Home\r\n2. Bloods\r\nPMH: asthma\r\n\r\n';
  const at = (needle: string): string => {
    const { start, end } = paragraphAt(text, text.indexOf(needle) + 1);
    return text.slice(start, end);
  };

  it('ends at blank lines and headers', () => {
    expect(at('First')).toBe('First line\r\nsecond line');
    expect(at('second')).toBe('First line\r\nsecond line');
    expect(at('PLAN')).toBe('PLAN\r\n1. Home\r\n2. Bloods');
    expect(at('Bloods')).toBe('PLAN\r\n1. Home\r\n2. Bloods');
    expect(at('asthma')).toBe('PMH: asthma');
  });

  it('is empty on a blank line, and holds its offset otherwise', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('PLAN\n', 'x: y\n', '\n', 'word ', '\r\n', 'end.')),
        fc.nat(60),
        (parts, offset) => {
          const note = parts.join('');
          const { start, end } = paragraphAt(note, offset);
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeLessThanOrEqual(note.length);
          const character = note.charAt(offset);
          if (character.trim() !== '') {
            expect(start).toBeLessThanOrEqual(offset);
            expect(end).toBeGreaterThan(offset);
          }
          expect(note.slice(start, end)).toBe(note.slice(start, end).trim());
        },
      ),
      { numRuns: 1000 },
    );
    expect(paragraphAt('a\n\nb', 2)).toEqual({ start: 2, end: 2 });
    expect(paragraphAt('', 9)).toEqual({ start: 0, end: 0 });
  });
});
