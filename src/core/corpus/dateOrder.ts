/** Decides how the dates of a column are written: the convention that reads most values wins. */
import type { DateOrder } from '../../protocol/catalogue/reading.js';
import { toIsoDate } from './dates.js';

export interface DateVote {
  add(value: string): void;
  /** Values seen. */
  readonly seen: number;
  /** Whether further values can hardly change the result. */
  readonly isClear: boolean;
  result(): DateDecision;
}

export interface DateDecision {
  readonly order: DateOrder;
  /** How many of the values seen it reads. */
  readonly read: number;
  /** Whether day and month first read as many values, and differently; then it is day first. */
  readonly isTie: boolean;
}

/**
 * Conventions in the order in which they are preferred when they read as many values. One that
 * counts from a day reads plain numbers only.
 */
const tried = [
  'day-first',
  'month-first',
  'epoch-seconds',
  'epoch-milliseconds',
  'excel-serial',
] as const satisfies readonly DateOrder[];

const ambiguous = /^(\d{1,2})([-/.])(\d{1,2})\2\d{2}/;
/** A column is clear after so many values, if months or days first lead by a quarter of them. */
const clearAfter = 2000;

export function createDateVote(): DateVote {
  const read = new Map<DateOrder, number>(tried.map((order) => [order, 0]));
  /** Values with a day above 12, even if they are no date, such as 31/02. */
  const hints = { 'day-first': 0, 'month-first': 0 };
  let seen = 0;
  let ambiguousSeen = 0;

  const of = (order: DateOrder): number => read.get(order) ?? 0;

  return {
    get seen() {
      return seen;
    },
    get isClear() {
      if (seen < clearAfter) return false;
      // All but month-first read days before months, and some of them plain numbers as well.
      const others = tried.filter((order) => order !== 'month-first').map(of);
      const lead = Math.abs(of('month-first') - Math.max(...others));
      return ambiguousSeen === 0 || lead >= seen / 4;
    },
    add(value) {
      seen++;
      const match = ambiguous.exec(value.trim());
      if (match !== null) {
        ambiguousSeen++;
        const [first, second] = [Number(match[1]), Number(match[3])];
        if (first > 12 && second <= 12) hints['day-first']++;
        if (second > 12 && first <= 12) hints['month-first']++;
      }
      for (const order of tried) {
        if (toIsoDate(value, order) !== null) read.set(order, of(order) + 1);
      }
    },
    result() {
      const best = tried.reduce((a, b) => (of(b) > of(a) ? b : a));
      const most = of(best);
      if (best !== 'day-first' && best !== 'month-first') {
        return { order: best, read: most, isTie: false };
      }
      if (ambiguousSeen === 0) return { order: 'iso', read: most, isTie: false };
      if (of('day-first') !== of('month-first')) return { order: best, read: most, isTie: false };
      const { 'day-first': day, 'month-first': month } = hints;
      const order = month > day ? 'month-first' : 'day-first';
      return { order, read: most, isTie: day === month };
    },
  };
}
