/** Excel workbooks: a note a row, a sheet at a time; sheets with the same columns are one table. */
import path from 'node:path';
import type { Reading } from '../../protocol/catalogue/reading.js';
import { usageError } from '../base/errors.js';
import { readBytes, refuseGzip } from './bytes.js';
import type { Reader, ReportProblem, Row, RowSource } from './corpus.js';
import { remark } from './remark.js';
import { createSheetCounts, sheetRows } from './sheetRows.js';
import type { SheetCounts, SheetRow } from './sheetRows.js';
import { readSheetHead } from './sheetHead.js';
import type { SheetHead } from './sheetHead.js';
import { createRowMaker } from './tableRows.js';
import { readWorkbook } from './workbookParts.js';
import type { SheetPart, Workbook } from './workbookParts.js';
import { openZip } from './zip.js';
import type { ZipFile } from './zip.js';

export const xlsxReader: Reader = {
  open: openWorkbook,
  rowsOf: null,
  recognises: ({ bytes }) =>
    (bytes.toString('latin1', 0, 4) === 'PK\u0003\u0004' && bytes.includes('xl/')) ||
    isOldOffice(bytes),
};

/** Old .xls files, and workbooks with a password, are of the same kind outside. */
const oldOffice = 'd0cf11e0a1b11ae1';
const oldParts = ['Workbook', 'EncryptedPackage'].map((name) => Buffer.from(name, 'utf16le'));

function isOldOffice(bytes: Buffer): boolean {
  return startsOld(bytes) && oldParts.some((part) => bytes.includes(part));
}

function startsOld(bytes: Buffer): boolean {
  return bytes.toString('hex', 0, 8) === oldOffice;
}

async function isOldFile(file: string): Promise<boolean> {
  for await (const bytes of readBytes(file)) return startsOld(bytes);
  return false;
}

interface Sheet extends SheetHead {
  readonly part: SheetPart;
  readonly where: string;
}

async function openWorkbook(
  file: string,
  report: ReportProblem,
  signal?: AbortSignal,
  reading: Reading = {},
): Promise<RowSource> {
  const name = path.basename(file);
  await refuseGzip(file);
  if (await isOldFile(file)) {
    throw usageError(
      `${name} is a workbook of an older Excel, or has a password: open it in Excel and save it as .xlsx without one.`,
    );
  }
  const zip = await openZip(file);
  const book = await readWorkbook(zip, signal);
  const sheets: Sheet[] = [];
  for (const part of book.sheets) {
    const where = book.sheets.length === 1 ? name : `${name}/${part.name}`;
    const rows = sheetRows(zip, part.part, book, createSheetCounts(), signal);
    const head = await readSheetHead(rows, reading);
    if (head !== null) sheets.push({ ...head, part, where });
  }
  const main = sheets.toSorted((a, b) => b.weight - a.weight)[0];
  if (main === undefined) {
    throw usageError(`${name} has no sheet with rows: choose a workbook with one note a row.`);
  }
  const alike = sheets.filter((sheet) => isAlike(sheet, main));
  const sample: Row[] = [];
  for (const sheet of alike) {
    if (sheet.above > 0) reportAbove(sheet, report);
    if (sample.length === 0) sample.push(...rowsOf(sheet.rows, sheet, 0, () => undefined));
  }
  return {
    kind: 'xlsx',
    fields: main.fields,
    natural: {},
    sample,
    hasField: () => Promise.resolve(false),
    async *rows(stop) {
      let above = 0;
      for (const sheet of alike) {
        let last = 0;
        for await (const row of readSheet(zip, book, sheet, above, report, stop)) {
          last = row.line;
          yield row;
        }
        above = Math.max(above, last);
      }
      for (const sheet of sheets) if (!alike.includes(sheet)) reportOther(sheet, main, report);
    },
  };
}

/** The same names, in any order. */
function isAlike(a: Sheet, b: Sheet): boolean {
  const names = ({ fields }: Sheet): string => [...fields].sort().join('\n').toLowerCase();
  return names(a) === names(b);
}

function reportAbove({ where, above, header }: Sheet, report: ReportProblem): void {
  const rows = above === 1 ? '1 row was' : `${above} rows were`;
  report(
    `${where}:1`,
    remark`${rows} left out above the ${header ? 'header' : 'table'} (${{ setting: 'skipRows', value: 0 }} to read them).`,
    'kept',
  );
}

function reportOther(sheet: Sheet, main: Sheet, report: ReportProblem): void {
  const { length } = sheet.rows;
  const rows = !sheet.isWhole
    ? `more than ${length} rows`
    : length === 1
      ? '1 row'
      : `${length} rows`;
  const hidden = sheet.part.isHidden ? 'hidden sheet' : 'sheet';
  report(
    `${sheet.where}:1`,
    `The ${hidden} "${sheet.part.name}" (${rows}) has other columns than "${main.part.name}", so it was not read: save it as a file of its own to read it.`,
    'skipped',
  );
}

async function* readSheet(
  zip: ZipFile,
  book: Workbook,
  sheet: Sheet,
  above: number,
  report: ReportProblem,
  signal?: AbortSignal,
): AsyncGenerator<Row> {
  const counts = createSheetCounts();
  const maker = rowMaker(sheet, above, report);
  for await (const row of sheetRows(zip, sheet.part.part, book, counts, signal)) {
    if (row.row > sheet.last) yield* maker.next(row);
  }
  yield* maker.end();
  reportCounts(counts, sheet.where, report);
}

function rowsOf(
  rows: readonly SheetRow[],
  sheet: Sheet,
  above: number,
  report: ReportProblem,
): Row[] {
  const maker = rowMaker(sheet, above, report);
  return [...rows.flatMap((row) => maker.next(row)), ...maker.end()];
}

/** @param above rows of the sheets before, so that numbers of rows are unique in the workbook */
function rowMaker(
  { fields, header, headerValues, where }: Sheet,
  above: number,
  report: ReportProblem,
): { next: (row: SheetRow) => Row[]; end: () => Row[] } {
  const maker = createRowMaker(fields, header ? headerValues : null, where, report);
  let beyond = 0;
  const numbered = (row: Row | null): Row[] =>
    row === null ? [] : [{ ...row, line: row.line + above }];
  return {
    next({ row, values }) {
      if (values.length > fields.length) beyond++;
      const full = fields.map((_field, column) => values[column] ?? '');
      return numbered(maker.next({ line: row, lastLine: row, values: full, flaw: null }));
    },
    end() {
      if (beyond > 0) {
        const rows = beyond === 1 ? '1 row has' : `${beyond.toLocaleString('en')} rows have`;
        report(
          `${where}:1`,
          `${rows} values to the right of the ${fields.length} columns, which were not read.`,
          'kept',
        );
      }
      return numbered(maker.end());
    },
  };
}

function reportCounts(counts: SheetCounts, where: string, report: ReportProblem): void {
  const said = (count: number, sentence: string): void => {
    const cells = count === 1 ? '1 cell holds' : `${count.toLocaleString('en')} cells hold`;
    if (count > 0) report(`${where}:1`, `${cells} ${sentence}`, 'kept');
  };
  said(counts.errors, 'an error of Excel, such as #DIV/0!, which is read as empty.');
  said(
    counts.formulas,
    'a formula that was never calculated: open the workbook in Excel and save it to read its value.',
  );
  said(
    counts.longNumbers,
    'a number of more than 15 digits, which Excel rounds: ids like that are wrong; export them as text.',
  );
  said(counts.merged, 'a value for several that were merged: only the first of them has it.');
}
