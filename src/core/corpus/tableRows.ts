/** Turns a table's records into rows, and says what is odd about them. */
import type { ReportProblem, Row } from './corpus.js';
import type { TableRecord } from './tableRecords.js';

export interface RowMaker {
  /** The row of the record before, so that the last one is known when it is judged. */
  next(record: TableRecord): Row | null;
  end(): Row | null;
}

/** A record of so many lines, and of so many times its neighbours' lines, is remarked on. */
const manyLines = 50;
const timesTheMean = 20;

/** @param header its values, to notice when it is repeated; `null` if there is none */
export function createRowMaker(
  fields: readonly string[],
  header: readonly string[] | null,
  name: string,
  report: ReportProblem,
): RowMaker {
  const columns = new Map(fields.map((field, column) => [field, column]));
  let held: TableRecord | null = null;
  let isFirst = true;
  let records = 0;
  let lines = 0;
  let shortRows = 0;
  let firstShort: string | null = null;

  function toRow(record: TableRecord, isLast: boolean): Row | null {
    const { values, line, lastLine } = record;
    const where = `${name}:${line}`;
    const isRule = isFirst && values.every((value) => /^\s*[-=+]*\s*$/.test(value));
    const wasFirst = isFirst;
    isFirst = false;
    if (wasFirst && isRule && values.some((value) => value.length > 1)) return null;
    const skip = (what: string): null => {
      report(where, what, 'skipped');
      return null;
    };
    if (record.flaw === 'broken') {
      const range = lastLine > line ? `lines ${line} to ${lastLine} were` : 'it was';
      return skip(
        `The record cannot be read, because a quote is missing or one too many: ${range} skipped.`,
      );
    }
    if (header !== null && isSame(values, header)) {
      return skip('The header is repeated here; the line was skipped.');
    }
    if (isFooter(values, fields.length, isLast)) {
      return skip('The line below the table is no note; it was skipped.');
    }
    if (values.slice(fields.length).some((value) => value.trim() !== '')) {
      return skip(
        `The row has ${values.length} values for ${fields.length} columns; it was skipped. Values that hold the delimiter need quotes.`,
      );
    }
    const missing = fields.length - values.length;
    if (missing > 0) {
      if (values.some((value) => value.split('"').length % 2 === 0)) {
        return skip('The row is part of a record that lost a quote; it was skipped.');
      }
      shortRows++;
      firstShort ??= where;
    }
    if (record.flaw === 'loose-quote') {
      report(
        where,
        'A quote in the row is not paired; the value is kept as it is written.',
        'kept',
      );
    }
    remarkLength(where, lastLine - line + 1);
    return {
      where,
      line,
      file: null,
      text: null,
      value(field) {
        const column = columns.get(field);
        return column === undefined ? null : (values[column] ?? null);
      },
    };
  }

  function remarkLength(where: string, span: number): void {
    if (records >= 10 && span >= manyLines && span > (timesTheMean * lines) / records) {
      report(
        where,
        `The record has ${span} lines, far more than those above: see that no quote is missing.`,
        'kept',
      );
    }
    records++;
    lines += span;
  }

  return {
    next(record) {
      const before = held;
      held = record;
      return before === null ? null : toRow(before, false);
    },
    end() {
      const last = held;
      held = null;
      const row = last === null ? null : toRow(last, true);
      if (firstShort !== null) {
        const rows = shortRows === 1 ? '1 row has' : `${shortRows.toLocaleString('en')} rows have`;
        report(
          firstShort,
          `${rows} fewer values than the ${fields.length} columns: the values at the end are empty.`,
          'kept',
        );
      }
      return row;
    },
  };
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

const rowCount = /^\s*\(?\d[\d.,]*\s+(rows?|records?)\b[^.]{0,30}\)?\.?\s*$/i;
const closing =
  /^\s*((grand |sub)?totals?\b.{0,20}|end of (file|report|export).*|completion time:.*)$/i;

/** "(20 rows affected)" anywhere; a total, or a single value, in the last line. */
function isFooter(values: readonly string[], columns: number, isLast: boolean): boolean {
  if (columns < 2) return false;
  const full = values.filter((value) => value.trim() !== '');
  const [only = ''] = full;
  if (full.length === 1 && values[0] === only && (rowCount.test(only) || closing.test(only))) {
    return true;
  }
  if (!isLast) return false;
  const isCut = full.length < columns || columns === 2;
  return isCut && closing.test(values[0] ?? '');
}
