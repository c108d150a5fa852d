/** Opens any kind of corpus: picks the reader, resolves the mapping and streams documents. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { FieldMapping } from '../../protocol/catalogue/fieldRoles.js';
import type { Dialect, Reading } from '../../protocol/catalogue/reading.js';
import type { Place } from '../../protocol/catalogue/readingSettings.js';
import { readerOf, sourceKinds } from '../../protocol/catalogue/sources.js';
import { fromSystemError, isAbsent, throwIfAborted, usageError } from '../base/errors.js';
import { readChosenNotes } from './chosenNotes.js';
import { describeColumns, firstValue } from './columns.js';
import { kindByContent, kindOfText } from './content.js';
import type { Corpus, CorpusSource, OpenFile, Reader, ReportProblem, RowSource } from './corpus.js';
import type { Document } from './document.js';
import { createDocumentMaker } from './documentMaker.js';
import { createLineJoiner } from './joinLines.js';
import type { LineJoiner } from './joinLines.js';
import { resolveMapping } from './mapping.js';
import type { ResolvedMapping } from './mapping.js';
import { createMissingValues } from './missingValues.js';
import { createPlainText } from './plainText.js';
import { createProblemList } from './problems.js';
import { readers } from './readers.js';
import { remark, wordsOf } from './remark.js';
import { settleColumns } from './settleColumns.js';
import type { SettledColumns } from './settleColumns.js';
import { createSpoiltValues, reportRounded } from './spoiltValues.js';
import { refuseDateOrder, refuseImpossible, refuseUnused } from './unusedSettings.js';

/** @param place where what is said of the corpus is read */
export async function openCorpus(
  source: CorpusSource,
  signal?: AbortSignal,
  place: Place = 'commandLine',
): Promise<Corpus> {
  const { reading } = source;
  const chosen = source.only === undefined ? null : await readChosenNotes(source.only);
  refuseImpossible(reading ?? {}, place);
  const reader = await readerFor(source.source, reading, signal);
  const list = createProblemList(place);
  let skipped = 0;
  const report: ReportProblem = (where, what, effect, records = 1) => {
    if (effect === 'skipped') skipped += records;
    list.report(where, what, effect);
  };
  const rows = await reader.open(source.source, report, signal, reading, openFile);
  const name = path.basename(source.source);
  refuseUnused(source, rows, name, place);
  const resolved = await resolveMapping(rows, source.mapping, reading, signal);
  const { mapping, moreText, keep } = resolved;
  reportRounded(rows, [mapping.id, mapping.group], name, report);
  const advice = rows.advice?.(mapping) ?? null;
  if (advice !== null) report(`${name}:1`, advice, 'kept');
  let settled: SettledColumns | null = null;
  let missing = createMissingValues(reading?.missingValues);
  for (const said of resolved.remarks) report(`${name}:1`, said, 'kept');
  const joiner =
    reading?.joinLines === undefined ? null : joinerOf(rows, resolved, reading, report, place);
  return {
    source: source.source,
    kind: rows.kind,
    mapping,
    fields: rows.fields,
    firstValue: (field) => firstValue(rows, field),
    columns: describeColumns(rows, mapping, reading),
    problems: list.problems,
    get skipped() {
      return skipped;
    },
    get dateOrder() {
      return settled?.dateOrder ?? null;
    },
    lines: resolved.lines,
    reading: reading === undefined ? undefined : withNames(reading, resolved),
    encoding: rows.encoding ?? null,
    dialect: rows.dialect ?? null,
    get kept() {
      return keep.map((field, i) => ({ name: field, type: settled?.kept[i]?.type ?? 'text' }));
    },
    get missing() {
      return missing.counts();
    },
    get classes() {
      return missing.classes();
    },
    async *read(stop) {
      settled ??= await settleColumns(
        rows.rows(stop),
        mapping.date,
        keep,
        reading?.dateOrder,
        createMissingValues(reading?.missingValues),
      );
      refuseDateOrder(reading, mapping, settled.kept, place);
      if (settled.isTie) {
        report(
          `${name}:1`,
          remark`Nothing in "${mapping.date ?? ''}" shows whether the day or the month comes first: it is read day first (${{ setting: 'dateOrder', value: 'month-first' }} if that is wrong).`,
          'kept',
        );
      }
      await joiner?.prepare(stop);
      missing = createMissingValues(reading?.missingValues);
      const { dateOrder, kept } = settled;
      const maker = createDocumentMaker({
        ...{ mapping, moreText, kept, missing, report },
        dateOrder: dateOrder ?? 'iso',
      });
      const spoilt = createSpoiltValues();
      skipped = 0;
      const plain = createPlainText(textFields(mapping, moreText));
      let read = 0;
      for await (const found of joiner?.rows(stop) ?? rows.rows(stop)) {
        throwIfAborted(stop);
        const row = plain.row(found);
        // Waiting for each of a million plain rows would take its time.
        const document = maker.make(row instanceof Promise ? await row : row);
        if (document === null || chosen?.has(document) === false) continue;
        read++;
        spoilt.see(document);
        yield document;
      }
      const gone = chosen === null ? 0 : chosen.count - read;
      if (gone > 0) {
        const what = `${gone} of the ${chosen?.count ?? 0} notes that were chosen are not here any more, or have changed: they are left out.`;
        report(`${name}:1`, what, 'kept');
      }
      plain.report(report);
      maker.report(name);
      spoilt.report(name, report);
    },
  };
}

/** With names as the file has them, by which a record in an editor is read too. */
function withNames(reading: Reading, { moreText, keep, lines }: ResolvedMapping): Reading {
  return {
    ...reading,
    ...(reading.moreText === undefined ? {} : { moreText }),
    ...(reading.keep === undefined ? {} : { keep }),
    ...(reading.joinLines === undefined || lines === null ? {} : { joinLines: lines.number }),
  };
}

function joinerOf(
  rows: RowSource,
  { mapping, moreText, lines }: ResolvedMapping,
  { missingValues }: Reading,
  report: ReportProblem,
  place: Place,
): LineJoiner {
  const { id } = mapping;
  if (lines === null || id === null) {
    throw usageError(
      wordsOf(
        remark`To join lines, name the column that tells notes apart with ${{ role: 'id' }}.`,
        place,
      ),
    );
  }
  const missing = createMissingValues(missingValues);
  const isMissing = (value: string | null): boolean => missing.isMissing('text', '', value);
  return createLineJoiner(rows, { ...lines, id }, textFields(mapping, moreText), isMissing, report);
}

const openFile: OpenFile = async (file, report, signal, reading) => {
  const reader = await readerFor(file, reading, signal);
  return reader.open(file, report, signal, reading, openFile);
};

/** Fields that make the note's text. */
function textFields({ text }: FieldMapping, moreText: readonly string[]): readonly string[] {
  return text === null ? moreText : [text, ...moreText];
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
  const moreText = reading?.moreText ?? [];
  // Types are settled on whole columns, so a record by itself has no kept fields.
  const maker = createDocumentMaker({
    ...{ mapping, moreText, missing, dateOrder: 'iso', kept: [] },
    report: () => undefined,
  });
  const plain = createPlainText(textFields(mapping, moreText));
  const text = `${record.head === '' ? '' : `${record.head}\n`}${record.text}\n`;
  const kind = reading?.format ?? kindOfText(text) ?? readerOf(name, false);
  const rowsOf = kind === null ? null : readers[kind].rowsOf;
  for await (const row of rowsOf?.(text, name, () => undefined, record.dialect) ?? []) {
    return maker.make(await plain.row({ ...row, line: record.line }));
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
