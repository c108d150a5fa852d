import { describe, expect, it } from 'vitest';
import { describeDates, toIsoDate } from '../../../src/core/corpus/dates.js';

describe('toIsoDate', () => {
  it.each([
    ['2024-02-29', '2024-02-29'],
    ['2023-02-29', null],
    ['20240229', '2024-02-29'],
    ['2024/02/09 7:05', '2024-02-09T07:05'],
    ['2024-02-09T07:05:33.120Z', '2024-02-09T07:05:33'],
    ['2024-02-09T07:05+01:00', '2024-02-09T07:05'],
    ['9.2.24', '2024-02-09'],
    ['9/2/1998 11:30 pm', '1998-02-09T23:30'],
    ['9/2/98 12:10 AM', '1998-02-09T00:10'],
    ['09-Feb-2024', '2024-02-09'],
    ['9th February 2024', '2024-02-09'],
    ['Fri 9 Feb 2024 08:00', '2024-02-09T08:00'],
    ['February 9, 2024', '2024-02-09'],
    ['31/04/2024', null],
    ['9 Quintilis 2024', null],
    ['2024', null],
    ['soon', null],
  ])('%s', (value, expected) => {
    expect(toIsoDate(value, 'day-first')).toBe(expected);
  });

  it('reads the month first where the column says so', () => {
    expect(toIsoDate('02/09/2024', 'month-first')).toBe('2024-02-09');
    expect(toIsoDate('13/09/2024', 'month-first')).toBeNull();
  });
});

describe('describeDates', () => {
  it('says how a column was read, to the day', () => {
    const span = { first: '2024-02-01', last: '2024-02-28T14:30' };
    expect(describeDates({ order: 'month-first', ...span })).toBe(
      'month first, 2024-02-01 to 2024-02-28',
    );
    expect(describeDates({ order: 'iso', ...span })).toMatch(/^unambiguous, /);
  });
});
