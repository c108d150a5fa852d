/** Streams the rows of a worksheet as texts. */
import { dateOfSerial } from './excelDates.js';
import { createTextOf, eventsOf } from './workbookParts.js';
import type { Workbook } from './workbookParts.js';
import type { XmlEvent } from './xmlEvents.js';
import type { ZipFile } from './zip.js';

export interface SheetRow {
  /** 1-based, as the sheet numbers its rows. */
  readonly row: number;
  /** By column, empty for an empty cell. */
  readonly values: readonly string[];
}

/** What of a sheet has no value of its own. */
export interface SheetCounts {
  /** `#DIV/0!` and the like, read as empty. */
  errors: number;
  /** Formulas that were never calculated. */
  formulas: number;
  /** Numbers of more digits than Excel keeps. */
  longNumbers: number;
  /** Cells that stand for several rows or columns. */
  merged: number;
}

export function createSheetCounts(): SheetCounts {
  return { errors: 0, formulas: 0, longNumbers: 0, merged: 0 };
}

export async function* sheetRows(
  zip: ZipFile,
  part: string,
  book: Workbook,
  counts: SheetCounts,
  signal?: AbortSignal,
): AsyncGenerator<SheetRow> {
  let row = 0;
  let column = -1;
  let values: string[] = [];
  let cell: Cell | null = null;
  let written = '';
  let isValue = false;
  const inlineText = createTextOf('is');
  for await (const event of eventsOf(zip, part, signal)) {
    const inline = inlineText(event);
    if (inline !== null && cell !== null) cell.inline = inline;
    if (event.kind === 'text') {
      if (isValue) written += event.text;
      continue;
    }
    const isOpen = event.kind === 'open';
    switch (event.name) {
      case 'row':
        if (isOpen) {
          row = Number(attribute(event, 'r') ?? row + 1);
          values = [];
          column = -1;
        } else if (values.some((value) => value !== '')) {
          yield { row, values };
        }
        break;
      case 'c':
        if (isOpen) {
          column = columnOf(attribute(event, 'r')) ?? column + 1;
          cell = {
            type: attribute(event, 't') ?? 'n',
            style: Number(attribute(event, 's') ?? 0),
            hasFormula: false,
            inline: null,
          };
          written = '';
        } else if (cell !== null) {
          const value = valueOf(cell, written, book, counts);
          if (value !== '') {
            while (values.length < column) values.push('');
            values[column] = value;
          }
          cell = null;
        }
        break;
      case 'v':
        isValue = isOpen;
        break;
      case 'f':
        if (isOpen && cell !== null) cell.hasFormula = true;
        break;
      case 'mergeCell':
        if (isOpen) counts.merged++;
        break;
    }
  }
}

interface Cell {
  readonly type: string;
  readonly style: number;
  hasFormula: boolean;
  inline: string | null;
}

/** Excel keeps this many digits of a number. */
const exactDigits = 15;

function valueOf(cell: Cell, written: string, book: Workbook, counts: SheetCounts): string {
  if (cell.inline !== null) return cell.inline;
  if (written === '') {
    if (cell.hasFormula && cell.type !== 'str') counts.formulas++;
    return '';
  }
  switch (cell.type) {
    case 's':
      return book.strings.at(Number(written));
    case 'str':
    case 'd':
      return written;
    case 'b':
      return written === '1' ? 'TRUE' : 'FALSE';
    case 'e':
      if (written === '#N/A') return written;
      counts.errors++;
      return '';
    default:
      return numberOf(Number(written), written, cell.style, book, counts);
  }
}

function numberOf(
  value: number,
  written: string,
  style: number,
  book: Workbook,
  counts: SheetCounts,
): string {
  if (Number.isNaN(value)) return written;
  const kind = book.styles[style] ?? null;
  if (kind !== null) return dateOfSerial(value, kind, book.since1904);
  if (Number.isInteger(value) && Math.abs(value) >= 10 ** exactDigits) counts.longNumbers++;
  // The file holds more digits than a sheet shows: 0.30000000000000004.
  return String(Number(value.toPrecision(exactDigits)));
}

function attribute(event: XmlEvent, name: string): string | undefined {
  return event.kind === 'open' ? event.attributes[name] : undefined;
}

/** `AB12` is column 27. */
function columnOf(reference: string | undefined): number | null {
  const letters = /^[A-Z]+/i.exec(reference ?? '')?.[0].toUpperCase();
  if (letters === undefined) return null;
  let column = 0;
  for (const letter of letters) column = column * 26 + (letter.charCodeAt(0) - 64);
  return column - 1;
}
