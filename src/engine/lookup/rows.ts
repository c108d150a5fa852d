/** Which note of a store a record of its table is. */
import { readRecord } from '../../core/corpus/openCorpus.js';
import type { Store } from '../../core/index/store.js';
import type { DocumentRow } from '../../core/index/tables.js';
import type { FoundRow, TableRecord } from '../../protocol/lookup.js';

/** Notes of one id that are compared by their text; who has more has mapped no id. */
const mostNamesakes = 50;

export async function findRow(store: Store, record: TableRecord): Promise<FoundRow | null> {
  const { source, mapping } = store.manifest.corpus;
  const note = await readRecord(source.replace(/\.gz$/i, ''), mapping, record);
  if (note === null) return null;
  const { id, text } = note;
  let namesake: DocumentRow | null = null;
  for (let n = 1; n <= mostNamesakes; n++) {
    // The names that a reader gives to notes of one id, in the order of the table.
    const stored = await store.tables.documentById(n === 1 ? id : `${id}#${n}`);
    if (stored === null) break;
    namesake ??= stored;
    if (isSameText(stored.text, text)) {
      return { id: stored.id, key: stored.key, text, isUnchanged: true };
    }
  }
  return { id, key: namesake?.key ?? null, text, isUnchanged: false };
}

/**
 * An editor has one kind of line break in a text, and shows a replacement for every letter that it
 * cannot decode: neither is a change that somebody made.
 */
function isSameText(stored: string, shown: string): boolean {
  const [a, b] = [stored, shown].map((text) => text.replace(/\r\n?/g, '\n')) as [string, string];
  if (a === b) return true;
  const ascii = (text: string): string => text.replace(/[^\n -~]+/g, '');
  return b.includes('\ufffd') && ascii(a) === ascii(b);
}
