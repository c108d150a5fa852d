/** What of an opened folder may be a corpus, by the names of its files alone: nothing in them is read. */
import { opendir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isNoteName } from '../../core/corpus/noteNames.js';
import { readerOf } from '../../protocol/catalogue/sources.js';

export interface Proposal {
  /** Absolute path of the folder, or of a table in it. */
  readonly source: string;
  readonly kind: 'folder' | 'table';
  /** Files that look like notes; 0 for a table. */
  readonly notes: number;
  /** Not all of a large folder was looked at. */
  readonly isMore: boolean;
}

/** Enough names to tell; a share on a network may take a while for each folder. */
const mostNames = 5000;
const mostTables = 5;
const fewestNotes = 3;
const letter = /\.(docx|rtf|pdf|html?)$/i;
const beside = /^(metadata|readme|package|tsconfig)\b/i;

/** The likeliest first; none for a folder that holds nothing of the kind. */
export async function proposalsOf(folder: string): Promise<readonly Proposal[]> {
  const tables: string[] = [];
  let [notes, seen] = [0, 0];
  const left: { readonly path: string; readonly depth: number }[] = [{ path: folder, depth: 0 }];
  for (let next = left.shift(); next !== undefined && seen < mostNames; next = left.shift()) {
    const { path, depth } = next;
    const entries = await opendir(path).catch(() => null);
    if (entries === null) continue;
    for await (const entry of entries) {
      if (++seen > mostNames) break;
      const { name } = entry;
      if (name.startsWith('.') || name === 'node_modules') continue;
      if (entry.isDirectory() && depth < 3) left.push({ path: join(path, name), depth: depth + 1 });
      else if (!entry.isFile() || beside.test(name)) continue;
      else if (isNoteName(name) || letter.test(name)) notes++;
      else if (depth === 0 && readerOf(name, false) !== null) tables.push(join(path, name));
    }
  }
  const isMore = seen > mostNames;
  const ofTables = tables
    .sort((a, b) => basename(a).localeCompare(basename(b)))
    .slice(0, mostTables)
    .map((source): Proposal => ({ source, kind: 'table', notes: 0, isMore: false }));
  const ofFolder: Proposal[] =
    notes < fewestNotes ? [] : [{ source: folder, kind: 'folder', notes, isMore }];
  return [...ofFolder, ...ofTables];
}
