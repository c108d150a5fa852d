/** Finds the note of a store that matches a record of its table. */
import { readRecord } from '../../core/corpus/openCorpus.js';
import type { Store } from '../../core/index/store.js';
import { documentById, rowsOf } from '../../core/index/tables.js';
import type { DocumentRow } from '../../core/index/tables.js';
import type { FoundRow, TableRecord } from '../../protocol/lookup.js';

/** How many notes with the same id are compared by text; more than that means no id is mapped. */
const mostNamesakes = 50;

export async function findRow(store: Store, record: TableRecord): Promise<FoundRow | null> {
  const { source, mapping, reading } = store.manifest.corpus;
  const note = await readRecord(source.replace(/\.gz$/i, ''), mapping, record, reading);
  if (note === null) return null;
  const { id, text } = note;
  const first = await documentById(store.tables, id, columns);
  if (first === null) return { id, key: null, text, isUnchanged: false };
  // A row is a line of its note.
  if (reading?.joinLines !== undefined && hasLine(first.text, text)) {
    return { id: first.id, key: first.key, text: first.text, isUnchanged: true };
  }
  const same = isSameText(first.text, text) ? first : await namesakeOf(store, id, text);
  return same === null
    ? { id, key: first.key, text, isUnchanged: false }
    : { id: same.id, key: same.key, text, isUnchanged: true };
}

const columns = ['id', 'key', 'text'] as const;
type StoredText = Pick<DocumentRow, (typeof columns)[number]>;

/** The first note with this text, in table order, among those with the same original id. */
async function namesakeOf(store: Store, id: string, text: string): Promise<StoredText | null> {
  // The ids that a reader gives to duplicates.
  const names = Array.from({ length: mostNamesakes - 1 }, (_, i) => `${id}#${i + 2}`);
  const rows = await rowsOf(store.tables.documents(columns, { id: names }));
  const byName = new Map(rows.map((row) => [row.id, row]));
  for (const name of names) {
    const row = byName.get(name);
    if (row === undefined) break;
    if (isSameText(row.text, text)) return row;
  }
  return null;
}

function hasLine(stored: string, line: string): boolean {
  const plain = (text: string): string => `\n${text.replace(/\r\n?/g, '\n')}\n`;
  return plain(stored).includes(plain(line));
}

/**
 * Ignores differences that an editor makes: it normalises line breaks, and shows a replacement
 * character for what it cannot decode.
 */
function isSameText(stored: string, shown: string): boolean {
  const [a, b] = [stored, shown].map((text) => text.replace(/\r\n?/g, '\n')) as [string, string];
  if (a === b) return true;
  const ascii = (text: string): string => text.replace(/[^\n -~]+/g, '');
  return b.includes('\ufffd') && ascii(a) === ascii(b);
}
