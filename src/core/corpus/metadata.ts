/** Fields of a folder's notes that a table beside them has: `metadata.csv`, or another ending. */
import path from 'node:path';
import { usageError } from '../base/errors.js';
import type { OpenFile, ReportProblem, Row } from './corpus.js';
import { someOf } from './leftOutFiles.js';

export interface Metadata {
  readonly fields: readonly string[];
  /** Of a note, by its relative path. */
  rowOf(file: string): Row | null;
  /** Counts notes without a row, and rows without a note. */
  report(report: ReportProblem): void;
}

const none: Metadata = { fields: [], rowOf: () => null, report: () => undefined };
const fileFieldName = /^(file|files|file[ _]?(name|path)|path|note[ _]?file|document)$/i;

/**
 * @param tables relative paths of tables that are named `metadata`; the first is read
 * @param notes relative paths
 */
export async function readMetadata(
  root: string,
  tables: readonly string[],
  notes: readonly string[],
  openFile: OpenFile,
  report: ReportProblem,
  signal?: AbortSignal,
): Promise<Metadata> {
  const [name, ...others] = tables;
  if (name === undefined) return none;
  // A skipped metadata row loses its fields, but its note stays in the corpus.
  const remark: ReportProblem = (where, what) => report(where, what, 'kept');
  if (others.length > 0) {
    remark(
      `${name}:1`,
      `Not read, since this describes the notes already: ${someOf(others)}.`,
      'kept',
    );
  }
  const table = await openFile(path.join(root, name), remark, signal);
  const fileField = table.fields.find((field) => fileFieldName.test(field));
  if (fileField === undefined) {
    throw usageError(
      `${name} has no column "file" that names each note: add one, or take the file away.`,
    );
  }
  const rows: Named[] = [];
  for await (const row of table.rows(signal)) {
    const written = (row.value(fileField) ?? '').trim().replaceAll('\\', '/');
    rows.push({ row, file: path.posix.normalize(written) });
  }
  const { matches, repeated, unmatched } = match(rows, notes);
  return {
    fields: table.fields.filter((field) => field !== fileField),
    rowOf: (file) => matches.get(file) ?? null,
    report(report) {
      const first = notes.find((file) => !matches.has(file));
      const missing = notes.length - matches.size;
      if (first !== undefined) {
        report(
          `${first}:1`,
          `${counted(missing, 'note has', 'notes have')} no row in ${name}; this is the first.`,
          'kept',
        );
      }
      const [row] = unmatched;
      if (row !== undefined) {
        report(
          row.where,
          `${counted(unmatched.length, 'row names', 'rows name')} no note in this folder, or more than one; this is the first.`,
          'kept',
        );
      }
      const [again] = repeated;
      if (again !== undefined) {
        report(
          again.where,
          `${counted(repeated.length, 'row is', 'rows are')} of a note that has an earlier row; this is the first.`,
          'kept',
        );
      }
    },
  };
}

interface Named {
  readonly row: Row;
  /** The path that the row writes. */
  readonly file: string;
}

/** From sure to likely: the path, in any case, the name, the name without its ending. */
const namings: readonly ((file: string) => string)[] = [
  (file) => file.normalize('NFC'),
  keyOf,
  (file) => path.posix.basename(keyOf(file)),
  stem,
];

/** Pairs rows with notes; by name only where it is that of one note, and written in one row. */
function match(
  rows: readonly Named[],
  notes: readonly string[],
): { matches: Map<string, Row>; repeated: Row[]; unmatched: Row[] } {
  const matches = new Map<string, Row>();
  const repeated: Row[] = [];
  let open = rows;
  for (const [turn, nameOf] of namings.entries()) {
    const files = groupBy(notes, nameOf);
    const asked = groupBy(open, ({ file }) => nameOf(file));
    const left: Named[] = [];
    for (const named of open) {
      const name = nameOf(named.file);
      const [file, second] = files.get(name) ?? [];
      const isSure = turn < 2 || asked.get(name)?.length === 1;
      if (file === undefined || second !== undefined || !isSure) left.push(named);
      else if (matches.has(file)) repeated.push(named.row);
      else matches.set(file, named.row);
    }
    open = left;
  }
  return { matches, repeated, unmatched: open.map(({ row }) => row) };
}

/** File systems differ in how they encode accents, and in whether they tell upper case. */
function keyOf(file: string): string {
  return file.normalize('NFC').toLowerCase();
}

function stem(file: string): string {
  return path.posix
    .basename(keyOf(file))
    .replace(/\.gz$/, '')
    .replace(/\.[a-z]{1,8}$/, '');
}

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}

function counted(count: number, one: string, many: string): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}
