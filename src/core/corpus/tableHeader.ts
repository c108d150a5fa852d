/** Finds a table's header: below titles and comments, or nowhere. */
import { fieldRoleNames, fieldRoles } from '../../protocol/catalogue/fieldRoles.js';
import type { Reading } from '../../protocol/catalogue/reading.js';
import { lineBreaksIn } from './tableRecord.js';
import { createRecordParser, filled } from './tableRecords.js';
import { strictRecords } from './tableSample.js';
import type { Cut } from './tableSample.js';

export interface HeaderFound {
  /** Lines above the header or the first record. */
  readonly lines: number;
  readonly header: boolean;
  readonly rowNames: boolean;
  readonly columns: number;
}

/** A longer cell is text, not a name. */
export const longestName = 100;
const rowsCompared = 100;

interface SampleRecord {
  readonly values: readonly string[];
  /** Line, from 0. */
  readonly line: number;
}

export function findHeader(
  text: string,
  cut: Cut,
  isWhole: boolean,
  given: Pick<Reading, 'header' | 'skipRows'>,
): HeaderFound {
  const records = sampleRecords(text, cut, isWhole);
  const columns = usualCount(records, cut);
  const at = given.skipRows === undefined ? firstOfTable(records, columns) : 0;
  const first = records[at];
  if (first === undefined)
    return { lines: 0, header: given.header ?? true, rowNames: false, columns: 1 };
  const rows = records.slice(at + 1, at + 1 + rowsCompared);
  const header = given.header ?? isHeader(first.values, rows);
  const width = first.values.length;
  const longer = rows.filter(({ values }) => values.length === width + 1).length;
  const rowNames =
    header && width > 1 && longer > 0 && longer >= 0.9 * rows.length && columns === width + 1;
  return {
    lines: given.skipRows === undefined ? first.line : 0,
    header,
    rowNames,
    columns: header ? width + (rowNames ? 1 : 0) : Math.max(columns, width),
  };
}

function sampleRecords(text: string, cut: Cut, isWhole: boolean): SampleRecord[] {
  const records: SampleRecord[] = [];
  if (cut.recordStart === null) {
    let line = 0;
    let upTo = 0;
    for (const { at, values, flaw } of strictRecords(text, cut, isWhole)) {
      line += lineBreaksIn(text.slice(upTo, at));
      upTo = at;
      if (!flaw) records.push({ values, line });
    }
    return records;
  }
  const columns = text.split(/\r\n|\n|\r/, 1)[0]?.split(cut.delimiter).length ?? 1;
  const parser = createRecordParser({
    ...cut,
    skipRows: 0,
    header: true,
    rowNames: false,
    columns,
  });
  for (const { values, line } of [...parser.push(text), ...(isWhole ? parser.end() : [])]) {
    records.push({ values, line: line - 1 });
  }
  return records;
}

/** The most frequent number of values; of equally frequent ones, that of the earliest record. */
function usualCount(records: readonly SampleRecord[], cut: Cut): number {
  if (cut.recordStart !== null) return records[0]?.values.length ?? 1;
  const counts = new Map<number, number>();
  for (const { values } of records) counts.set(values.length, (counts.get(values.length) ?? 0) + 1);
  let best = 1;
  let most = 0;
  for (const [count, times] of counts) if (times > most) [best, most] = [count, times];
  return best;
}

/** Index of the header or, without one, of the first record. */
function firstOfTable(records: readonly SampleRecord[], columns: number): number {
  if (columns < 2) {
    const first = records.findIndex(({ values }) => !isComment(values));
    return Math.max(first, 0);
  }
  for (const [index, { values }] of records.entries()) {
    if (index > 50) break;
    const next = records[index + 1]?.values ?? [];
    const isWide = values.length >= columns || values.length === columns - 1;
    if (!isWide || isTitle(values, columns)) continue;
    if (isComment(values) && next.length >= columns && !isTitle(next, columns)) continue;
    // Column groups above the names, as pandas writes two levels of columns.
    const named = values.filter((value) => value.trim() !== '');
    if (new Set(named).size < named.length && isGroupRow(values, next)) continue;
    return index;
  }
  return 0;
}

/** At most one value, though the table has several columns. */
function isTitle(values: readonly string[], columns: number): boolean {
  const full = values.filter((value) => value.trim() !== '').length;
  return full === 0 || (full === 1 && columns > 1);
}

function isComment(values: readonly string[]): boolean {
  return /^\s*(#\s|#$|--\s|\/\/)/.test(values[0] ?? '');
}

function isGroupRow(values: readonly string[], next: readonly string[]): boolean {
  const names = next.filter((value) => value.trim() !== '');
  return (
    next.length === values.length &&
    names.length > 0 &&
    new Set(names).size === names.length &&
    names.every((name) => name.length <= 40 && !looksTyped(name))
  );
}

const usualNames = new Set(
  fieldRoleNames.flatMap((role): readonly string[] => fieldRoles[role].usualNames),
);

/** Whether a first record names the columns, judged by the records below it. */
function isHeader(values: readonly string[], rows: readonly SampleRecord[]): boolean {
  if (filled(values) === 0) return true;
  const cellsBelow = (column: number): string[] =>
    rows.map((row) => row.values[column] ?? '').filter((cell) => cell.trim() !== '');
  const isTypedLikeBelow = values.some((value, column) => {
    const below = cellsBelow(column);
    const typed = below.filter(looksTyped).length;
    return looksTyped(value) && below.length > 0 && typed >= 0.8 * below.length;
  });
  if (isTypedLikeBelow) return false;
  const recurs = (value: string, column: number): boolean =>
    rows.length > 1 && cellsBelow(column).includes(value) && !isRepeated(values, rows);
  if (values.some((value, column) => isUsualName(value) && !recurs(value, column))) return true;
  return !values.some(
    (value, column) =>
      value.length > longestName ||
      isProse(value) ||
      (value.trim() !== '' && recurs(value, column)),
  );
}

function isUsualName(value: string): boolean {
  return usualNames.has(value.toLowerCase().replace(/[\s_\-.]+/g, ''));
}

/** Whether the record is repeated as a whole, as a header is on every page of a print. */
function isRepeated(values: readonly string[], rows: readonly SampleRecord[]): boolean {
  return rows.some((row) => values.every((value, column) => row.values[column] === value));
}

function isProse(value: string): boolean {
  return value.split(/\s+/).length >= 10;
}

/** A number, a date or a time. */
export function looksTyped(value: string): boolean {
  return /^\s*[-+]?\d[\d.,:/ T-]*Z?\s*$/.test(value);
}
