/**
 * Reads a folder of notes: texts and letters, with an optional table `metadata` of further fields per
 * file. A folder of parts of one table is read as that table.
 */
import path from 'node:path';
import { namedEndings } from '../../protocol/catalogue/sources.js';
import { firstFolderField } from '../../protocol/catalogue/reading.js';
import type { Reading } from '../../protocol/catalogue/reading.js';
import { usageError } from '../base/errors.js';
import type { OpenFile, Reader, ReportProblem, Row, RowSource } from './corpus.js';
import { findFolderEncoding } from './folderEncoding.js';
import { listFolder } from './folderFiles.js';
import type { FolderFiles } from './folderFiles.js';
import { reportLeftOut, someOf } from './leftOutFiles.js';
import { readMetadata } from './metadata.js';
import { readNoteFile } from './noteFile.js';
import { areParts, openParts } from './partFiles.js';
import { createMarkupCounts } from './plainText.js';
import { remark } from './remark.js';
import { createSubFolders, folderField } from './subFolders.js';

export const folderReader: Reader = {
  open: openFolder,
  rowsOf: null,
};

/** Relative paths of the tables in a folder without notes; empty if the folder itself is a corpus. */
export async function tablesToChoose(root: string, signal?: AbortSignal): Promise<string[]> {
  const { notes, metadata, tables } = await listFolder(root, () => undefined, signal);
  const found = [...metadata, ...tables];
  return notes.length > 0 || areParts(found) ? [] : found;
}

async function openFolder(
  root: string,
  report: ReportProblem,
  signal: AbortSignal | undefined,
  reading: Reading | undefined,
  openFile: OpenFile,
): Promise<RowSource> {
  const files = await listFolder(root, report, signal);
  const name = path.basename(root);
  const tables = [...files.metadata, ...files.tables];
  if (files.notes.length === 0 && areParts(tables)) {
    reportLeftOut({ ...files, tables: [] }, name, report);
    return openParts(root, tables, openFile, report, signal, reading);
  }
  if (files.notes.length === 0) throw noNotes(root, files);
  return openNotes(root, files, report, signal, reading, openFile);
}

async function openNotes(
  root: string,
  files: FolderFiles,
  report: ReportProblem,
  signal: AbortSignal | undefined,
  reading: Reading | undefined,
  openFile: OpenFile,
): Promise<RowSource> {
  const { notes } = files;
  const name = path.basename(root);
  const metadata = await readMetadata(root, files.metadata, notes, openFile, report, signal);
  const subFolders = createSubFolders(notes);
  const { arePatients } = subFolders;
  const { name: encoding } = await findFolderEncoding(root, notes, reading?.encoding);
  const isCategory = subFolders.fields.length > 0 && !arePatients;

  async function* rows(stop?: AbortSignal): AsyncGenerator<Row> {
    reportLeftOut(files, name, report);
    metadata.report(report);
    const texts = await findFolderEncoding(root, notes, reading?.encoding);
    const letters = createMarkupCounts();
    for (const file of notes) {
      const note = await readNoteFile(root, file, texts, letters, report, stop);
      if (note === null) continue;
      const described = metadata.rowOf(file);
      yield {
        where: `${file}:1`,
        line: 1,
        file,
        ...note,
        value: (field) => described?.value(field) ?? subFolders.value(file, field),
      };
    }
    texts.report(name, report);
    letters.report(report);
  }

  return {
    kind: 'folder',
    encoding,
    fields: [...new Set([...metadata.fields, ...subFolders.fields])],
    natural: isCategory ? { category: folderField } : {},
    sample: [],
    advice: ({ category, group }) =>
      arePatients && category === null && group === null
        ? remark`Each sub-folder looks like a patient: use ${{ role: 'group', column: firstFolderField }} to keep the notes of one together, or ${{ role: 'category', column: folderField }} if it is a category.`
        : null,
    hasField: () => Promise.resolve(false),
    rows,
  };
}

function noNotes(root: string, { tables, metadata, others, about }: FolderFiles): Error {
  const start = `The folder ${root} holds no ${namedEndings('folder')} notes`;
  const found = [...tables, ...metadata];
  if (found.length === 1) {
    return usageError(`${start}: name the file ${found[0] ?? ''} in it instead.`);
  }
  if (found.length > 1) {
    return usageError(
      `${start}, but ${found.length.toLocaleString('en')} tables: name one of them instead (${someOf(found)}).`,
    );
  }
  if (others.length > 0) {
    const endings = new Set(others.map((file) => path.posix.extname(file) || 'without an ending'));
    return usageError(
      `${start}, only ${others.length.toLocaleString('en')} documents of other kinds (${[...endings].slice(0, 5).join(', ')}): save them as .txt first.`,
    );
  }
  if (about.length > 0) {
    return usageError(`${start}, only ${someOf(about)}, about the data: choose another folder.`);
  }
  return usageError(`${start}: choose another folder.`);
}
