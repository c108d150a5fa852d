/** Files of one table: parts that a job wrote, or a file for each note. */
import path from 'node:path';
import { readerEntries, readerOf, withoutGzip } from '../../protocol/catalogue/sources.js';
import type { Reading } from '../../protocol/catalogue/reading.js';
import { usageError } from '../base/errors.js';
import type { OpenFile, ReportProblem, Row, RowSource } from './corpus.js';

/** A file that carries the number of a part in its name, as Spark, Hadoop and others write them. */
const partName = /^part[-_.]?\d+/i;

/**
 * Whether files are parts of one table: of one kind, and with names that differ in their numbers
 * alone.
 */
export function areParts(files: readonly string[]): boolean {
  const [first] = files;
  if (first === undefined) return false;
  const kind = readerOf(first, false);
  if (files.some((file) => readerOf(file, false) !== kind)) return false;
  if (kind !== null && readerEntries[kind].isFilePerNote === true) return true;
  if (files.length === 1) return partName.test(path.posix.basename(first));
  const names = new Set(files.map(withoutNumbers));
  return names.size === 1;
}

function withoutNumbers(file: string): string {
  return withoutGzip(path.posix.basename(file))
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi, '#')
    .replace(/\d+/g, '#');
}

/** Those whose first rows are kept for guessing. */
const sampledParts = 10;

interface Part {
  readonly file: string;
  readonly source: RowSource;
}

/** One source of all parts, in their order. */
export async function openParts(
  root: string,
  files: readonly string[],
  openFile: OpenFile,
  report: ReportProblem,
  signal?: AbortSignal,
  reading: Reading = {},
): Promise<RowSource> {
  const name = path.basename(root);
  const open = (file: string, how: Reading): Promise<RowSource> =>
    openFile(path.join(root, file), within(path.posix.dirname(file), report), signal, how);
  const parts: Part[] = [];
  for (const file of files) {
    const first = parts[0]?.source;
    const source = await open(file, first === undefined ? reading : likeFirst(first, reading));
    const part = first === undefined ? source : await aligned(first, source, file);
    // Samples of thousands of files would fill the memory.
    parts.push({ file, source: parts.length < sampledParts ? part : { ...part, sample: [] } });
  }
  const [first] = parts;
  if (first === undefined) throw usageError(`The folder ${name} is empty: choose another.`);
  if (files.length > 1) {
    report(`${name}:1`, `${files.length.toLocaleString('en')} files are read as one.`, 'kept');
  }
  const { kind, natural, encoding, dialect } = first.source;
  return {
    kind,
    fields: [...new Set(parts.flatMap(({ source }) => source.fields))],
    natural,
    ...(encoding === undefined ? {} : { encoding }),
    ...(dialect === undefined ? {} : { dialect }),
    sample: parts.flatMap(({ source }) => source.sample),
    async hasField(field, stop) {
      for (const { source } of parts) {
        if (source.fields.includes(field) || (await source.hasField(field, stop))) return true;
      }
      return false;
    },
    async *rows(stop) {
      let before = 0;
      for (const { file, source } of parts) {
        let last = 0;
        for await (const row of numbered(source.rows(stop), file)) {
          last = row.line;
          yield { ...row, line: row.line + before };
        }
        before += last;
      }
    },
  };

  /** A part without a header has the columns of the first. */
  async function aligned(first: RowSource, part: RowSource, file: string): Promise<RowSource> {
    const isSame = first.fields.join('\n') === part.fields.join('\n');
    if (isSame || part.dialect?.header !== true || reading.header !== undefined) return part;
    const known = part.fields.filter((field) => first.fields.includes(field));
    if (known.length > 0 || part.fields.length !== first.fields.length) {
      report(
        `${file}:1`,
        `The columns differ from those of ${parts[0]?.file ?? ''}; both are read by their names.`,
        'kept',
      );
      return part;
    }
    const plain = await open(file, { ...likeFirst(first, reading), header: false });
    const names = new Map(first.fields.map((field, i) => [field, plain.fields[i] ?? field]));
    return renamed(plain, first.fields, names);
  }
}

/** A file with a single note gives it its name as an id. */
async function* numbered(rows: AsyncIterable<Row>, file: string): AsyncGenerator<Row> {
  let first: Row | null = null;
  let count = 0;
  for await (const row of rows) {
    if (count++ === 0) {
      first = row;
      continue;
    }
    if (first !== null) yield first;
    first = null;
    yield row;
  }
  if (first !== null) yield { ...first, file, isExtracted: true };
}

function renamed(
  source: RowSource,
  fields: readonly string[],
  names: ReadonlyMap<string, string>,
): RowSource {
  const rename = (row: Row): Row => ({
    ...row,
    value: (field, list) => row.value(names.get(field) ?? field, list),
  });
  return {
    ...source,
    fields,
    sample: source.sample.map(rename),
    async *rows(stop) {
      for await (const row of source.rows(stop)) yield rename(row);
    },
  };
}

/** What was settled for the first part holds for all. */
function likeFirst({ dialect, encoding }: RowSource, reading: Reading): Reading {
  const guessed: Reading =
    dialect === undefined
      ? {}
      : {
          delimiter: dialect.delimiter,
          quote: dialect.quote ?? 'none',
          escape: dialect.escape,
          header: dialect.header ? undefined : false,
        };
  const given = Object.entries(reading).filter(([, value]) => value !== undefined);
  const isUtf8 = encoding === undefined || encoding === null || encoding === 'utf-8';
  return { ...guessed, ...(isUtf8 ? {} : { encoding }), ...Object.fromEntries(given) };
}

/** Reports places of a file in a sub-folder by its path. */
function within(folder: string, report: ReportProblem): ReportProblem {
  return folder === '.' ? report : (where, ...rest) => report(`${folder}/${where}`, ...rest);
}
