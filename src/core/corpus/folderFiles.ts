/** The files of a folder, and what each is to a corpus. */
import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { readerOf } from '../../protocol/catalogue/sources.js';
import { fromSystemError, throwIfAborted } from '../base/errors.js';
import type { ReportProblem } from './corpus.js';
import { isLetterOrNote } from './letters/letterKinds.js';

export interface FolderFiles {
  /** Texts and letters. */
  readonly notes: readonly string[];
  /** Files that another reader takes. */
  readonly tables: readonly string[];
  /** Tables at the top that describe the notes, `metadata.csv` for one. */
  readonly metadata: readonly string[];
  /** Texts about the data, such as a licence. */
  readonly about: readonly string[];
  readonly others: readonly string[];
}

/** Texts that come with published data, and marks that a job leaves beside its output. */
const aboutName =
  /^(readme|licen[cs]e|copying|change(s|log)|citation|authors|notice|(sha\d+|md5)(sums?)?|checksums?)([-_. ]?(sums?|\d+))?(\.(txt|text|md|markdown|html?|pdf|rtf|docx?))?$/i;
const metadataName = /^metadata\.[^/]+$/i;

/** All paths are relative, sorted, with forward slashes. */
export async function listFolder(
  root: string,
  report: ReportProblem,
  signal?: AbortSignal,
): Promise<FolderFiles> {
  const files = {
    notes: [] as string[],
    tables: [] as string[],
    metadata: [] as string[],
    about: [] as string[],
    others: [] as string[],
  };
  for await (const file of walk(root, report, signal)) files[roleOf(file)].push(file);
  return files;
}

function roleOf(file: string): keyof FolderFiles {
  const isTable = readerOf(file, false) !== null;
  if (aboutName.test(path.posix.basename(file))) return 'about';
  if (isLetterOrNote(file)) return 'notes';
  if (isTable && metadataName.test(file)) return 'metadata';
  return isTable ? 'tables' : 'others';
}

/** Skips names with a dot and links in circles. */
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
