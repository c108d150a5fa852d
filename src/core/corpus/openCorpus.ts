/** Opens any kind of corpus: picks the reader, resolves the mapping and streams documents. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { FieldMapping, FieldRole } from '../../protocol/catalogue/fieldRoles.js';
import type { Dialect, Reading } from '../../protocol/catalogue/reading.js';
import { readerOf, sourceKinds } from '../../protocol/catalogue/sources.js';
import { fromSystemError, isAbsent, throwIfAborted, usageError } from '../base/errors.js';
import type {
  Corpus,
  CorpusSource,
  DateOrder,
  Reader,
  ReportProblem,
  Row,
  RowSource,
} from './corpus.js';
import { kindByContent, kindOfText } from './content.js';
import { decideDateOrder, toIsoDate } from './dates.js';
import type { Document } from './document.js';
import { resolveMapping } from './mapping.js';
import { createMissingValues } from './missingValues.js';
import type { MissingValues } from './missingValues.js';
import { createProblemList } from './problems.js';
import { readers } from './readers.js';
import { createSpoiltValues, reportRounded } from './spoiltValues.js';
import { createUniqueIds } from './uniqueIds.js';

export async function openCorpus(source: CorpusSource, signal?: AbortSignal): Promise<Corpus> {
  const { reading } = source;
  const reader = await readerFor(source.source, reading, signal);
  const list = createProblemList();
  let skipped = 0;
  const report: ReportProblem = (where, what, effect) => {
    if (effect === 'skipped') skipped++;
    list.report(where, what, effect);
  };
  const rows = await reader.open(source.source, report, signal, reading);
  refuseUnused(reading, rows, path.basename(source.source));
  const mapping = await resolveMapping(rows, source.mapping, signal);
  reportRounded(rows, [mapping.id, mapping.group], path.basename(source.source), report);
  let dateOrder: DateOrder | null = null;
  let missing = createMissingValues(reading?.missingValues);
  return {
    source: source.source,
    kind: rows.kind,
    mapping,
    fields: rows.fields,
    problems: list.problems,
    get skipped() {
      return skipped;
    },
    get dateOrder() {
      return dateOrder;
    },
    reading,
    encoding: rows.encoding ?? null,
    dialect: rows.dialect ?? null,
    get missing() {
      return missing.counts();
    },
    async *read(stop) {
      const { date } = mapping;
      if (date !== null)
        dateOrder ??= await decideDateOrder(column(rows.rows(stop), date, missing));
      missing = createMissingValues(reading?.missingValues);
      const toDocument = documentMaker(mapping, dateOrder ?? 'iso', missing, report);
      const spoilt = createSpoiltValues();
      skipped = 0;
      for await (const row of rows.rows(stop)) {
        throwIfAborted(stop);
        const document = toDocument(row);
        if (document === null) continue;
        spoilt.see(document);
        yield document;
      }
      missing.report(path.basename(source.source), report);
      spoilt.report(path.basename(source.source), report);
    },
  };
}

/** How a table is cut means nothing to other kinds. */
function refuseUnused(reading: Reading = {}, rows: RowSource, name: string): void {
  const { delimiter, quote, escape, header, skipRows, encoding } = reading;
  const cuts = { delimiter, quote, escape, header, skipRows };
  const unused = Object.entries(rows.dialect === undefined ? cuts : {});
  if (rows.encoding === undefined) unused.push(['encoding', encoding]);
  const settles: readonly string[] = rows.settles ?? [];
  const found = unused.find(([key, value]) => value !== undefined && !settles.includes(key))?.[0];
  const given = found === 'skipRows' ? 'skip-rows' : found;
  if (given !== undefined) {
    throw usageError(`${name} is not a table of values to which "${given}" applies: leave it out.`);
  }
}

/** A table record as shown in an editor, perhaps changed since the file was read. */
export interface RecordText {
  /** The header and anything above it; empty if this kind has none. */
  readonly head: string;
  readonly text: string;
  /** 1-based line on which the record begins. */
  readonly line: number;
  /** How the table is cut, as settled on the text in the editor; `null` if it is not delimited. */
  readonly dialect?: Dialect | null;
}

/** The note in a record, by the same rules as when read from a file; `null` if there is none. */
export async function readRecord(
  file: string,
  mapping: FieldMapping,
  record: RecordText,
  reading?: Reading,
): Promise<Document | null> {
  const name = path.basename(file);
  const missing = createMissingValues(reading?.missingValues);
  const toDocument = documentMaker(mapping, 'iso', missing, () => undefined);
  const text = `${record.head === '' ? '' : `${record.head}\n`}${record.text}\n`;
  const kind = reading?.format ?? kindOfText(text) ?? readerOf(name, false);
  const rowsOf = kind === null ? null : readers[kind].rowsOf;
  for await (const row of rowsOf?.(text, name, () => undefined, record.dialect) ?? []) {
    return toDocument({ ...row, line: record.line });
  }
  return null;
}

async function readerFor(
  source: string,
  reading: Reading = {},
  signal?: AbortSignal,
): Promise<Reader> {
  let isFolder: boolean;
  try {
    isFolder = (await stat(source)).isDirectory();
  } catch (error) {
    if (isAbsent(error)) {
      throw usageError(`There is no file or folder ${source}: check the path.`);
    }
    throw fromSystemError(error, source);
  }
  const name = path.basename(source);
  const kind = isFolder
    ? readerOf(name, true)
    : (reading.format ?? (await kindByContent(source, signal)) ?? readerOf(name, false));
  if (kind === null) {
    throw usageError(`${name} is of a kind that cannot be read: choose ${sourceKinds()}.`);
  }
  return readers[kind];
}

async function* column(
  rows: AsyncIterable<Row>,
  field: string,
  missing: MissingValues,
): AsyncGenerator<string | null> {
  for await (const row of rows) yield missing.filled('date', field, row.value(field));
}

function documentMaker(
  mapping: FieldMapping,
  dateOrder: DateOrder,
  missing: MissingValues,
  report: ReportProblem,
): (row: Row) => Document | null {
  const uniqueIds = createUniqueIds();

  function uniqueId(asked: string, where: string): string {
    const id = uniqueIds(asked);
    if (id !== asked)
      report(
        where,
        `The id is not unique; it became the same with #${id.slice(asked.length + 1)}.`,
        'kept',
      );
    return id;
  }

  /** With the blanks around it. */
  function textOf(row: Row, field: string): string | null {
    const text = row.value(field, 'lines');
    return missing.isMissing('text', field, text) ? null : text;
  }

  return (row) => {
    const value = (role: FieldRole): string | null => {
      const field = mapping[role];
      return field === null ? null : missing.filled(role, field, row.value(field));
    };
    const text = row.text ?? (mapping.text === null ? null : textOf(row, mapping.text));
    if (text === null || text.trim() === '') {
      report(row.where, 'The note has no text; it was skipped.', 'skipped');
      return null;
    }
    const written = value('date');
    const date = written === null ? null : toIsoDate(written, dateOrder);
    if (written !== null && date === null) {
      report(row.where, 'The date cannot be read; the note is kept without one.', 'kept');
    }
    return {
      id: uniqueId(value('id') ?? row.file ?? `row-${row.line}`, row.where),
      text,
      category: value('category'),
      label: value('label'),
      group: value('group'),
      date,
      split: value('split'),
      file: row.file,
      row: row.line,
    };
  };
}
