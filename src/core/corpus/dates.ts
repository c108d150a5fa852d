/**
 * Converts dates as people write them to ISO 8601. 03/04/2024 alone is ambiguous, so the whole
 * column decides.
 */
import type { DateOrder } from './corpus.js';

const months = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const time = String.raw`(?:[T ,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*([ap]\.?m\.?)?\s*(?:Z|UTC|[+-]\d{2}:?\d{2})?)?`;
const yearFirst = new RegExp(String.raw`^(\d{4})([-/.]?)(\d{2})\2(\d{2})${time}$`, 'i');
const numbers = new RegExp(String.raw`^(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})${time}$`, 'i');
const dayMonthName = new RegExp(
  String.raw`^(?:[a-z]{3,9},?\s+)?(\d{1,2})(?:st|nd|rd|th)?[-\s]+([a-z]{3,9})\.?,?[-\s]+(\d{4}|\d{2})${time}$`,
  'i',
);
const monthNameDay = new RegExp(
  String.raw`^(?:[a-z]{3,9},\s+)?([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})${time}$`,
  'i',
);

/** What one value implies about its column's order; `null` if it is not such a date. */
export function orderHint(value: string): DateOrder | 'ambiguous' | null {
  const match = numbers.exec(value.trim());
  if (match === null) return null;
  const [first, second] = [Number(match[1]), Number(match[3])];
  if (first > 12 && second <= 12) return 'day-first';
  if (second > 12 && first <= 12) return 'month-first';
  return 'ambiguous';
}

/** Number of dates after which an undecided column is taken as it looks. */
const enough = 50_000;

/**
 * Decides the order for a column. If nothing settles it, ambiguous values are read day first. Stops
 * reading at the first value that settles it: a day above 12.
 */
export async function decideDateOrder(values: AsyncIterable<string | null>): Promise<DateOrder> {
  let seen = 0;
  let ambiguous = false;
  for await (const value of values) {
    if (value === null) continue;
    const hint = orderHint(value);
    if (hint === 'ambiguous') ambiguous = true;
    else if (hint !== null) return hint;
    if (++seen >= enough) break;
  }
  return ambiguous ? 'day-first' : 'iso';
}

/** The dates of a corpus, and how they were read. */
export interface DateSpan {
  readonly order: DateOrder;
  /** In ISO 8601. */
  readonly first: string;
  readonly last: string;
}

const orderNames: Readonly<Record<DateOrder, string>> = {
  iso: 'unambiguous',
  'day-first': 'day first',
  'month-first': 'month first',
};

/** "day first, 2020-04-03 to 2020-04-25", so that swapped days and months are easy to spot. */
export function describeDates({ order, first, last }: DateSpan): string {
  return `${orderNames[order]}, ${first.slice(0, 10)} to ${last.slice(0, 10)}`;
}

/**
 * `yyyy-mm-dd`, with `Thh:mm` or `Thh:mm:ss` if the value has a time; `null` if it is not a date.
 */
export function toIsoDate(value: string, order: DateOrder): string | null {
  const text = value.trim();
  let match = yearFirst.exec(text);
  if (match !== null) return iso(match[1], match[3], match[4], match.slice(5));
  match = numbers.exec(text);
  if (match !== null) {
    const [day, month] = order === 'month-first' ? [match[3], match[1]] : [match[1], match[3]];
    return iso(match[4], month, day, match.slice(5));
  }
  match = dayMonthName.exec(text);
  if (match !== null) return iso(match[3], monthNumber(match[2]), match[1], match.slice(4));
  match = monthNameDay.exec(text);
  if (match !== null) return iso(match[3], monthNumber(match[1]), match[2], match.slice(4));
  return null;
}

function monthNumber(name: string | undefined): string {
  return String(months.indexOf((name ?? '').slice(0, 3).toLowerCase()) + 1);
}

function iso(
  yearText: string | undefined,
  monthText: string | undefined,
  dayText: string | undefined,
  clock: readonly (string | undefined)[],
): string | null {
  let year = Number(yearText);
  if (yearText?.length === 2) year += year < 70 ? 2000 : 1900;
  const [month, day] = [Number(monthText), Number(dayText)];
  const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate();
  if (month < 1 || month > 12 || day < 1 || day > lastDay) return null;
  const date = `${String(year).padStart(4, '0')}-${twoDigits(month)}-${twoDigits(day)}`;
  const [hourText, minute, second, half] = clock;
  if (hourText === undefined || minute === undefined) return date;
  let hour = Number(hourText);
  if (half !== undefined) hour = (hour % 12) + (half.toLowerCase().startsWith('p') ? 12 : 0);
  if (hour > 23 || Number(minute) > 59 || Number(second ?? 0) > 59) return date;
  return `${date}T${twoDigits(hour)}:${minute}${second === undefined ? '' : `:${second}`}`;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}
