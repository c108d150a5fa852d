/**
 * Reads a folder of .txt and .md notes, with an optional metadata.csv of further fields per file.
 */
import type { Dirent } from 'node:fs';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { fromSystemError, throwIfAborted, usageError } from '../base/errors.js';
import { namedEndings, readerOf } from '../../protocol/catalogue/sources.js';
import type { Reader, ReportProblem, Row, RowSource } from './corpus.js';
import { isNoteName } from './noteNames.js';
import { openTable } from './table.js';
import { decodeText } from './textEncoding.js';

/** Extensions of common note formats that this reader cannot open. */
const unreadable = /\.(docx?|rtf|pdf|odt|pages|html?|eml|msg|xlsx?)$/i;
const metadataName = 'metadata.csv';
const largestNoteBytes = 16 * 1024 * 1024;

/** The field that holds a note's sub-folder. */
const folderField = 'folder';

export const folderReader: Reader = {
  open: openFolder,
  rowsOf: null,
};

async function openFolder(
  root: string,
  report: ReportProblem,
  signal?: AbortSignal,
): Promise<RowSource> {
  const metadata = await readMetadata(root, report, signal);
  let hasNotes = false;
  let hasSubFolders = false;
  let table: string | null = null;
  let unread = 0;
  for await (const file of walk(root, report, signal)) {
    if (isNoteName(file)) hasNotes = true;
    if (isNoteName(file) && file.includes('/')) hasSubFolders = true;
    if (unreadable.test(file)) unread++;
    if (readerOf(file, false) !== null && file !== metadataName) table ??= file;
  }
  if (!hasNotes) throw emptyFolder(root, table, unread);
  const fields = metadata.fields.filter((field) => field !== metadata.fileField);
  if (hasSubFolders && !fields.includes(folderField)) fields.push(folderField);
  const source: RowSource = {
    kind: 'folder',
    fields,
    natural: hasSubFolders ? { category: folderField } : {},
    sample: [],
    hasField: () => Promise.resolve(false),
    rows: (stop) => readNotes(root, metadata, report, stop),
  };
  return source;
}

function emptyFolder(root: string, table: string | null, unread: number): Error {
  const start = `The folder ${root} holds no ${namedEndings('folder')} notes`;
  if (table !== null) return usageError(`${start}: name the file ${table} in it instead.`);
  if (unread > 0) {
    return usageError(
      `${start}, only ${unread} documents of other kinds: save them as .txt first.`,
    );
  }
  return usageError(`${start}: choose another folder.`);
}

async function* readNotes(
  root: string,
  metadata: Metadata,
  report: ReportProblem,
  signal?: AbortSignal,
): AsyncGenerator<Row> {
  const missing = new Map(metadata.rows);
  for await (const file of walk(root, report, signal)) {
    if (!isNoteName(file)) {
      if (unreadable.test(file)) {
        report(
          `${file}:1`,
          `${path.extname(file)} files cannot be read; save it as .txt.`,
          'skipped',
        );
      }
      continue;
    }
    const described = metadata.rows.get(file.normalize('NFC'));
    missing.delete(file.normalize('NFC'));
    if (described === undefined && metadata.rows.size > 0) {
      report(`${file}:1`, `The file has no row in ${metadataName}.`, 'kept');
    }
    const text = await readNote(root, file, report);
    if (text === null) continue;
    const folder = path.posix.dirname(file);
    yield {
      where: `${file}:1`,
      line: 1,
      file,
      text,
      value(field) {
        const value = described?.value(field) ?? null;
        return field === folderField && value === null && folder !== '.' ? folder : value;
      },
    };
  }
  for (const row of missing.values()) {
    report(row.where, 'The row names a file that is not a note in this folder.', 'kept');
  }
}

async function readNote(root: string, file: string, report: ReportProblem): Promise<string | null> {
  const where = `${file}:1`;
  const absolute = path.join(root, file);
  try {
    if ((await stat(absolute)).size > largestNoteBytes) {
      report(
        where,
        'The file is larger than 16 MB: too large for a note; it was skipped.',
        'skipped',
      );
      return null;
    }
    const text = decodeText(await readFile(absolute));
    if (text === null) report(where, 'The file is not text; it was skipped.', 'skipped');
    return text;
  } catch (error) {
    report(
      where,
      `The file could not be read (${fromSystemError(error, file).message})`,
      'skipped',
    );
    return null;
  }
}

/**
 * Files below `root`, sorted, as relative paths with forward slashes; skips dot-names and loops.
 */
async function* walk(
  root: string,
  report: ReportProblem,
  signal?: AbortSignal,
  folder = '',
  above: readonly string[] = [],
): AsyncGenerator<string> {
  throwIfAborted(signal);
  const absolute = path.join(root, folder);
  const entries = await list(absolute, folder, report);
  if (entries === null) return;
  const real = await realpath(absolute);
  if (above.includes(real)) return;
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue;
    const relative = folder === '' ? entry.name : `${folder}/${entry.name}`;
    const kind = await kindOf(entry, path.join(root, relative));
    if (kind === 'folder') yield* walk(root, report, signal, relative, [...above, real]);
    if (kind === 'file') yield relative;
  }
}

async function list(
  absolute: string,
  folder: string,
  report: ReportProblem,
): Promise<Dirent[] | null> {
  try {
    const entries = await readdir(absolute, { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  } catch (error) {
    const explained = fromSystemError(error, folder === '' ? absolute : folder);
    if (folder === '') throw explained;
    report(`${folder}:1`, `The folder could not be read (${explained.message})`, 'skipped');
    return null;
  }
}

async function kindOf(entry: Dirent, absolute: string): Promise<'file' | 'folder' | null> {
  if (entry.isDirectory()) return 'folder';
  if (entry.isFile()) return 'file';
  if (!entry.isSymbolicLink()) return null;
  try {
    const target = await stat(absolute);
    return target.isDirectory() ? 'folder' : target.isFile() ? 'file' : null;
  } catch {
    return null;
  }
}

interface Metadata {
  readonly fields: readonly string[];
  readonly fileField: string | null;
  /** By relative path in NFC, because file systems differ in how they encode accents. */
  readonly rows: ReadonlyMap<string, Row>;
}

async function readMetadata(
  root: string,
  report: ReportProblem,
  signal?: AbortSignal,
): Promise<Metadata> {
  const file = path.join(root, metadataName);
  const exists = await stat(file).then(
    (found) => found.isFile(),
    () => false,
  );
  if (!exists) return { fields: [], fileField: null, rows: new Map() };
  // A skipped metadata row loses its fields, but its note stays in the corpus.
  const remark: ReportProblem = (where, what) => report(where, what, 'kept');
  const table = await openTable(file, 'csv', remark, signal);
  const fileField = table.fields.find((field) => /^(file|filename|file_name|path)$/i.test(field));
  if (fileField === undefined) {
    throw usageError(
      `${metadataName} has no column "file" that names each note: add one, or take the file away.`,
    );
  }
  const rows = new Map<string, Row>();
  for await (const row of table.rows(signal)) {
    const name = path.posix.normalize((row.value(fileField) ?? '').trim().replaceAll('\\', '/'));
    if (rows.has(name.normalize('NFC')))
      remark(row.where, 'The file has an earlier row already.', 'kept');
    else rows.set(name.normalize('NFC'), row);
  }
  return { fields: table.fields, fileField, rows };
}
