/** Reads one file of a folder as a note: a text or a letter, perhaps gzipped. */
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { fromSystemError, throwIfAborted, usageError, UserError } from '../base/errors.js';
import type { ReportProblem } from './corpus.js';
import type { FolderEncoding } from './folderEncoding.js';
import { isCompoundFile, letterKindOf } from './letters/letterKinds.js';
import { readLetter } from './letters/readLetter.js';
import { isNoteName } from './noteNames.js';
import type { MarkupCounts } from './plainText.js';

const mostBytes = 16 * 1024 * 1024;
const unzip = promisify(gunzip);

export interface NoteText {
  readonly text: string;
  readonly isExtracted: boolean;
}

/** Reports why a file is no note, and gives `null` for it. */
export async function readNoteFile(
  root: string,
  file: string,
  encoding: FolderEncoding,
  counts: MarkupCounts,
  report: ReportProblem,
  signal?: AbortSignal,
): Promise<NoteText | null> {
  const skip = (what: string): null => {
    report(`${file}:1`, what, 'skipped');
    return null;
  };
  try {
    throwIfAborted(signal);
    const bytes = await contentOf(path.join(root, file));
    if (bytes === null) {
      return skip('The file is larger than 16 MB: too large for a note; it was skipped.');
    }
    const kind = letterKindOf(file, bytes);
    if (kind !== null) {
      const decode = (content: Buffer): string => encoding.decodeHtml(file, content);
      const { text, leftOut } = await readLetter(kind, bytes, { decode, signal });
      counts.add(kind, leftOut, `${file}:1`);
      return { text, isExtracted: true };
    }
    if (isCompoundFile(bytes)) return skip(oldWord(file));
    if (/\.(do[ct][xm]|pdf)(\.gz)?$/i.test(file)) {
      return skip('The file is not what its ending says: copy it again from its source.');
    }
    const text = encoding.decode(file, bytes);
    if (text === null) return skip('The file is not text; it was skipped.');
    return { text, isExtracted: !isNoteName(file) };
  } catch (error) {
    throwIfAborted(signal);
    if (error instanceof UserError) return skip(`The file ${error.message}`);
    return skip(`The file could not be read (${fromSystemError(error, file).message})`);
  }
}

function oldWord(file: string): string {
  return /\.do[ct][xm](\.gz)?$/i.test(file)
    ? 'The file is protected by a password: save a copy without one.'
    : 'The file is in the format of Word before 2007: save it as .docx.';
}

/** Decompressed; `null` if it is too large. */
async function contentOf(file: string): Promise<Buffer | null> {
  if ((await stat(file)).size > mostBytes) return null;
  const bytes = await readFile(file);
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return await unzip(bytes, { maxOutputLength: mostBytes });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') return null;
    throw usageError('is a damaged or cut-off gzip file: copy it again from its source.', {
      cause: error,
    });
  }
}
