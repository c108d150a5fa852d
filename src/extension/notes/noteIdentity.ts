/** Maps paths and URIs to notes. Independent of vscode, so that Windows paths can be tested anywhere. */
import { createHash } from 'node:crypto';
import nodePath from 'node:path';
import type { PlatformPath } from 'node:path';
import { isNoteName } from '../../core/corpus/noteNames.js';

/**
 * The id of a file in a folder corpus: its relative path with forward slashes. `null` if the file is
 * not a note of that folder: elsewhere, of another type, or with a name that starts with a dot.
 */
export function noteIdOf(
  source: string,
  file: string,
  path: PlatformPath = nodePath,
): string | null {
  if (!isNoteName(file)) return null;
  const relative = path.relative(source, file);
  if (relative === '' || path.isAbsolute(relative)) return null;
  const parts = relative.split(path.sep);
  if (parts.some((part) => part.startsWith('.'))) return null;
  return parts.join('/');
}

/** Whether two paths name the same file; the file systems of Windows and macOS ignore case. */
export function isSameFile(
  a: string,
  b: string,
  path: PlatformPath = nodePath,
  ignoreCase = process.platform !== 'linux',
): boolean {
  return fileKey(a, path, ignoreCase) === fileKey(b, path, ignoreCase);
}

/** Equal for all paths that name the same file. */
export function fileKey(
  file: string,
  path: PlatformPath = nodePath,
  ignoreCase = process.platform !== 'linux',
): string {
  const normal = path.normalize(file);
  return ignoreCase ? normal.toLowerCase() : normal;
}

/** Identifies a store in URIs without revealing its path. */
export function storeToken(store: string): string {
  return createHash('sha256').update(`store\n${store}`).digest('hex').slice(0, 12);
}

export interface NoteAddress {
  readonly corpus: string;
  readonly key: string;
}

/** Path and query of a row's URI. The name, which tabs show, is part of the opaque key. */
export function noteUriParts({ corpus, key }: NoteAddress): { path: string; query: string } {
  const safeKey = encodeURIComponent(key);
  return { path: `/${corpus}/note-${tabName(key)}.txt`, query: `key=${safeKey}` };
}

export function noteAddressOf(path: string, query: string): NoteAddress | null {
  const corpus = /^\/([0-9a-f]+)\//.exec(path)?.[1];
  const key = new URLSearchParams(query).get('key');
  return corpus === undefined || key === null || key === '' ? null : { corpus, key };
}

function tabName(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 6);
}
