/**
 * Converts dates as people and systems write them to ISO 8601. 03/04/2024 alone is ambiguous, and
 * 45351 may be a date of Excel or a number, so the whole column decides (`dateOrder.ts`).
 */
import type { DateOrder } from '../../protocol/catalogue/reading.js';

const months = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
/** "T10:15", " 10:15:00.000 +0100", ":10:15:00" (SAS), " 10.15.00.000000000 AM" (Oracle). */
const time = String.raw`(?:[T ,:]+(\d{1,2})([:.])(\d{2})(?:\6(\d{2})(?:[.,]\d+)?)?\s*([ap]\.?m\.?)?\s*(?:Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?)?`;
const clockAt = (group: number): string => time.replace('\\6', `\\${group}`);
const yearFirst = new RegExp(String.raw`^(\d{4})([-/.]?)(\d{1,2})\2(\d{1,2})${clockAt(6)}$`, 'i');
const numbers = new RegExp(
  String.raw`^(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})${clockAt(6)}$`,
  'i',
);
const dayMonthName = new RegExp(
  String.raw`^(?:[a-z]{3,9},?\s+)?(\d{1,2})(?:st|nd|rd|th)?[-/\s]*([a-z]{3,9})\.?,?[-/\s]*(\d{4}|\d{2})${clockAt(5)}$`,
  'i',
);
const monthNameDay = new RegExp(
  String.raw`^(?:[a-z]{3,9},\s+)?([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})${clockAt(5)}$`,
  'i',
);
/** yyyymmdd, with hhmm or hhmmss. */
const compact = /^(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?)?Z?$/i;
const number = /^\d+(?:\.\d+)?$/;

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
  'epoch-seconds': 'seconds since 1970',
  'epoch-milliseconds': 'milliseconds since 1970',
  'excel-serial': 'days as Excel counts them',
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
  if (number.test(text)) return counted(text, order) ?? compactDate(text);
  let match = yearFirst.exec(text);
  if (match !== null && isSeparated(match)) {
    return iso(match[1], match[3], match[4], clockOf(match, 5));
  }
  match = numbers.exec(text);
  if (match !== null) {
    const [day, month] = order === 'month-first' ? [match[3], match[1]] : [match[1], match[3]];
    return iso(match[4], month, day, clockOf(match, 5));
  }
  match = dayMonthName.exec(text);
  if (match !== null) return iso(match[3], monthNumber(match[2]), match[1], clockOf(match, 4));
  match = monthNameDay.exec(text);
  if (match !== null) return iso(match[3], monthNumber(match[1]), match[2], clockOf(match, 4));
  return compactDate(text);
}

/** "2024-1-5" is a date, but digits alone need two for the month and the day. */
function isSeparated([, , separator, month, day]: readonly string[]): boolean {
  return separator !== '' || (month?.length === 2 && day?.length === 2);
}

function compactDate(text: string): string | null {
  const match = compact.exec(text);
  return match === null ? null : iso(match[1], match[2], match[3], match.slice(4));
}

/** Day 0 of Excel, which takes 1900 for a leap year. */
const excelStart = Date.UTC(1899, 11, 30);
const dayMs = 86_400_000;

/**
 * A date that is written as a number counted from some day, where that gives one between about 1973
 * and 2150. The ranges do not overlap, and leave out numbers that read as years, months and days.
 */
function counted(text: string, order: DateOrder): string | null {
  const value = Number(text);
  const isIn = (least: number, most: number): boolean => value >= least && value < most;
  if (order === 'epoch-seconds' && isIn(1e8, 5.7e9)) return fromEpoch(1000 * value);
  if (order === 'epoch-milliseconds' && isIn(1e11, 5.7e12) && !isIn(1.9e11, 2.2e11)) {
    return fromEpoch(value);
  }
  if (order === 'excel-serial' && isIn(20_000, 92_000)) {
    return fromEpoch(excelStart + Math.round(value * 86_400) * 1000);
  }
  return null;
}

/** Without the time if that is midnight. */
function fromEpoch(milliseconds: number): string {
  const written = new Date(milliseconds).toISOString();
  return milliseconds % dayMs === 0 ? written.slice(0, 10) : written.slice(0, 19);
}

function monthNumber(name: string | undefined): string {
  return String(months.indexOf((name ?? '').slice(0, 3).toLowerCase()) + 1);
}

/** Hour, minute, second and am or pm, without the separator between them. */
function clockOf(match: readonly (string | undefined)[], from: number): (string | undefined)[] {
  const [hour, , minute, second, half] = match.slice(from);
  return [hour, minute, second, half];
}

function iso(
  yearText: string | undefined,
  monthText: string | undefined,
  dayText: string | undefined,
  clock: readonly (string | undefined)[],
): string | null {
  let year = Number(yearText);
  if (yearText?.length === 2) year += year < 70 ? 2000 : 1900;
  const [month, dayOfMonth] = [Number(monthText), Number(dayText)];
  const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate();
  if (month < 1 || month > 12 || dayOfMonth < 1 || dayOfMonth > lastDay) return null;
  const date = `${String(year).padStart(4, '0')}-${twoDigits(month)}-${twoDigits(dayOfMonth)}`;
  const [hourText, minute, second, half] = clock;
  if (hourText === undefined || minute === undefined) return date;
  let hour = Number(hourText);
  if (half !== undefined) hour = (hour % 12) + (half.toLowerCase().startsWith('p') ? 12 : 0);
  if (hour > 23 || Number(minute) > 59 || Number(second ?? 0) > 59) return date;
  return `${date}T${twoDigits(hour)}:${minute}${second === undefined ? '' : `:${second}`}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
