import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { headerOf, sectionsOf } from '../../../src/core/corpus/sections.js';

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
    ['Überweisung: keine', 'Überweisung'],
    ['ANAMNÈSE', 'ANAMNÈSE'],
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
