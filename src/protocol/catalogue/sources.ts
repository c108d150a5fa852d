/** Recognises corpus files by name, and describes them to users. */
import { readerNames, readers } from './readers.js';
import type { ReaderEntry, ReaderName, TableKind } from './readers.js';

/** Entries without their literal types, for code that names no reader. */
export const readerEntries: Readonly<Record<ReaderName, ReaderEntry>> = readers;

/** File name extensions, shown to users or not. */
export function endingsOf(reader: ReaderName): readonly string[] {
  const { endings, otherEndings } = readerEntries[reader];
  return [...endings, ...otherEndings];
}

/** Whether a file's name matches this reader; ignores case. */
export function isNamedFor(reader: ReaderName, file: string): boolean {
  const name = file.toLowerCase();
  return endingsOf(reader).some((ending) => name.endsWith(ending));
}

export function withoutGzip(name: string): string {
  return name.replace(/\.gz$/i, '');
}

/** The reader for a folder, or for a file by name; `null` if there is none. */
export function readerOf(name: string, isFolder: boolean): ReaderName | null {
  const found = readerNames.find((reader) =>
    isFolder
      ? readerEntries[reader].holds === 'folder'
      : readerEntries[reader].holds === 'table' && isNamedFor(reader, withoutGzip(name)),
  );
  return found ?? null;
}

/**
 * The table kind if an editor can find its records; `null` otherwise, and for gzipped files, which
 * an editor cannot show.
 */
export function tableKindOf(name: string): TableKind | null {
  const found = readerNames.find(
    (reader): reader is TableKind =>
      readerEntries[reader].records !== null && isNamedFor(reader, name),
  );
  return found ?? null;
}

/** The name without its reader's extension: a default name for the corpus. */
export function plainSourceName(name: string): string {
  const plain = withoutGzip(name);
  const reader = readerOf(plain, false);
  const ending =
    reader === null
      ? undefined
      : endingsOf(reader).find((end) => plain.toLowerCase().endsWith(end));
  return ending === undefined ? plain : plain.slice(0, -ending.length);
}

/** ".csv, .tsv or .jsonl" */
export function namedEndings(holds: ReaderEntry['holds'], joint: 'and' | 'or' = 'or'): string {
  const endings = readerNames
    .map((name) => readerEntries[name])
    .filter((entry) => entry.holds === holds)
    .flatMap((entry) => entry.endings);
  const type = joint === 'and' ? 'conjunction' : 'disjunction';
  return new Intl.ListFormat('en-GB', { type }).format(endings);
}

/** What a corpus can be: "a folder of .txt or .md notes, or a .csv, .tsv or .jsonl file". */
export function sourceKinds(): string {
  return `a folder of ${namedEndings('folder')} notes, or a ${namedEndings('table')} file`;
}

/** For a file dialogue, without dots. */
export function tableFileEndings(): string[] {
  const tables = readerNames.filter((name) => readerEntries[name].holds === 'table');
  return [...tables.flatMap(endingsOf), '.gz'].map((ending) => ending.slice(1));
}
