/** Dates of a workbook: numbers of days that only their format tells from other numbers. */

/** `null`: the number is no date. */
export type DateKind = 'date' | 'time' | null;

/** Numbers of built-in formats (ECMA-376-1, 18.8.30, the East Asian ones included). */
const dates: readonly (readonly [number, number])[] = [
  [14, 17],
  [22, 22],
  [27, 31],
  [34, 36],
  [50, 54],
  [57, 58],
];
const times: readonly (readonly [number, number])[] = [
  [18, 21],
  [32, 33],
  [45, 47],
  [55, 56],
];

/** @param code of a format that the workbook defines itself */
export function dateKindOf(id: number, code?: string): DateKind {
  if (code === undefined) {
    const isIn = ([from, to]: readonly [number, number]): boolean => id >= from && id <= to;
    return dates.some(isIn) ? 'date' : times.some(isIn) ? 'time' : null;
  }
  const [shown = ''] = code
    .replace(/"[^"]*"|\\.|_.|\*./g, '')
    .replace(/\[(?!(h+|m+|s+)\])[^\]]*\]/gi, '')
    .split(';');
  if (/general|standard/i.test(shown)) return null;
  if (/[yd]/i.test(shown) || (/m/i.test(shown) && !/[hs]/i.test(shown))) return 'date';
  return /[hs]/i.test(shown) ? 'time' : null;
}

const daySeconds = 86_400;

/**
 * A number of days as `yyyy-mm-dd`, with the time if it has one; a time alone as `hh:mm:ss`.
 *
 * @param since1904 whether days count from 1904-01-01, as in workbooks of old Macs
 */
export function dateOfSerial(serial: number, kind: 'date' | 'time', since1904: boolean): string {
  if (kind === 'time' || (serial >= 0 && serial < 1)) return clock(Math.round(serial * daySeconds));
  // Excel has a 29 February 1900: days before it are one later than they count.
  const first = since1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, serial < 60 ? 31 : 30);
  const seconds = Math.round(serial * daySeconds);
  const date = new Date(first + seconds * 1000);
  if (Number.isNaN(date.getTime())) return String(serial);
  const [day = '', time = ''] = date.toISOString().split('T');
  return seconds % daySeconds === 0 ? day : `${day}T${time.slice(0, 8)}`;
}

/** Hours may exceed a day. */
function clock(seconds: number): string {
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  return `${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`;
}
