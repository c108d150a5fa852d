/** Finds the table in a worksheet: its header, below titles, and its columns. */
import type { Reading } from '../../protocol/catalogue/reading.js';
import type { SheetRow } from './sheetRows.js';
import { fieldNames, numberedFields } from './table.js';
import { findHeader } from './tableHeader.js';
import type { Cut } from './tableSample.js';

export interface SheetHead {
  readonly fields: readonly string[];
  readonly header: boolean;
  /** One for each field. */
  readonly headerValues: readonly string[];
  /** The last row above the first record. */
  readonly last: number;
  /** Rows with values that were left out above the header. */
  readonly above: number;
  /** The first records. */
  readonly rows: readonly SheetRow[];
  /** Whether these are all. */
  readonly isWhole: boolean;
  /** How much text they hold. */
  readonly weight: number;
}

const sampleRows = 200;
/** Shorter values are codes and names. */
const shortest = 20;

/** `null` if the sheet has no table. */
export async function readSheetHead(
  rows: AsyncIterable<SheetRow>,
  reading: Reading,
): Promise<SheetHead | null> {
  const sample: SheetRow[] = [];
  let isWhole = true;
  for await (const row of rows) {
    if (row.row <= (reading.skipRows ?? 0)) continue;
    isWhole = sample.length < sampleRows;
    if (!isWhole) break;
    sample.push(row);
  }
  if (sample.length === 0) return null;
  const width = Math.max(...sample.map(({ values }) => values.length));
  const text = sample.map(({ values }) => csvLine(values, width)).join('\n');
  const { lines, header } = findHeader(text, csvCut, true, reading);
  const first = sample[lines];
  if (first === undefined) return null;
  const below = sample.slice(header ? lines + 1 : lines);
  if (below.length === 0) return null;
  const columns = Math.max(...sample.slice(lines).map(({ values }) => values.length));
  const headerValues = Array.from({ length: columns }, (_, column) => first.values[column] ?? '');
  return {
    fields: header ? fieldNames(headerValues) : numberedFields(columns),
    header,
    headerValues,
    last: header ? first.row : first.row - 1,
    above: lines,
    rows: below,
    isWhole,
    weight: below
      .flatMap(({ values }) => values)
      .reduce((sum, value) => sum + (value.length < shortest ? 0 : value.length), 0),
  };
}

const csvCut: Cut = {
  delimiter: ',',
  quote: '"',
  escape: 'doubled',
  lineEnds: 'lf',
  recordStart: null,
};

/** Every row on one line of its own. */
function csvLine(values: readonly string[], width: number): string {
  return Array.from({ length: width }, (_, column) => {
    const value = (values[column] ?? '').replace(/[\r\n]+/g, ' ');
    return `"${value.replaceAll('"', '""')}"`;
  }).join(',');
}
