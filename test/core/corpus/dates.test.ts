import { describe, expect, it } from 'vitest';
import { createDateVote } from '../../../src/core/corpus/dateOrder.js';
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
    ['2024-2-9', '2024-02-09'],
    ['20240229101500', '2024-02-29T10:15:00'],
    ['20240229T1015', '2024-02-29T10:15'],
    ['20240230', null],
    ['01-JAN-24', '2024-01-01'],
    ['01-MAR-24 10.15.00.000000000 PM', '2024-03-01T22:15:00'],
    ['01-MAR-24 10.15.00.000000 AM +01:00', '2024-03-01T10:15:00'],
    ['01JAN2024', '2024-01-01'],
    ['01JAN2024:10:15:00', '2024-01-01T10:15:00'],
    ['01JAN24:10:15:00.000', '2024-01-01T10:15:00'],
    ['2024-02-09 07:05:33+00', '2024-02-09T07:05:33'],
    ['45351', null],
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

describe('numbers that are dates', () => {
  it.each([
    ['1709337600', 'epoch-seconds', '2024-03-02'],
    ['1709337661.5', 'epoch-seconds', '2024-03-02T00:01:01'],
    ['1709337600000', 'epoch-milliseconds', '2024-03-02'],
    ['45351', 'excel-serial', '2024-02-29'],
    ['45351.4271', 'excel-serial', '2024-02-29T10:15:01'],
    ['45351', 'epoch-seconds', null],
    ['12', 'excel-serial', null],
  ] as const)('%s as %s', (value, order, expected) => {
    expect(toIsoDate(value, order)).toBe(expected);
  });
});

describe('createDateVote', () => {
  const settled = (values: readonly string[]): unknown => {
    const vote = createDateVote();
    for (const value of values) vote.add(value);
    const { order, isTie } = vote.result();
    return isTie ? `${order}, a tie` : order;
  };
  it.each([
    [['2024-02-09', '9 Feb 2024', '20240209'], 'iso'],
    [['03/04/2024', '05/06/2024'], 'day-first, a tie'],
    [['03/04/2024', '25/06/2024'], 'day-first'],
    [['03/04/2024', '06/25/2024'], 'month-first'],
    // One slip does not outvote the others.
    [['31/02/2024', '03/13/2024', '03/14/2024', '03/01/2024'], 'month-first'],
    [['31/02/2024', '03/02/2024'], 'day-first'],
    [['20240301101500', '20240302101500'], 'iso'],
    [['20240301', '20240399', '20240302'], 'iso'],
    [['1709337600', '1709424000'], 'epoch-seconds'],
    [['1709337600000', '946684800000'], 'epoch-milliseconds'],
    [['45351.4271', '45352'], 'excel-serial'],
    [['01-MAR-24 10.15.00.000000000 AM'], 'iso'],
    [[], 'iso'],
  ])('%j: %s', (values, expected) => {
    expect(settled(values)).toBe(expected);
  });

  it('is clear after many values, unless both orders read them', () => {
    const vote = createDateVote();
    for (let i = 0; i < 3000; i++) vote.add('03/04/2024');
    expect(vote.isClear).toBe(false);
    for (let i = 0; i < 2000; i++) vote.add('03/14/2024');
    expect(vote.isClear).toBe(true);
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
