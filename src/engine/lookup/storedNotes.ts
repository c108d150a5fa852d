/** What an index holds of some of its notes. */
import { hashText } from '../../core/base/hash.js';
import { writeChosenNotes } from '../../core/corpus/chosenNotes.js';
import { describingColumns } from '../../core/index/filter/noteFields.js';
import type { Store } from '../../core/index/store.js';
import { rowsOf } from '../../core/index/tables.js';
import type { StoredNote } from '../../protocol/lookup.js';

/** Notes whose rows are read at once. */
const notesAtOnce = 500;

/** In the order of the keys; without those that the index no longer holds. */
export async function readStoredNotes(
  { tables }: Pick<Store, 'tables'>,
  keys: readonly string[],
  withText: boolean,
): Promise<StoredNote[]> {
  const found = new Map<string, StoredNote>();
  const columns = [...describingColumns, ...(withText ? (['text'] as const) : [])];
  for (const key of portions(keys)) {
    for (const row of await rowsOf(tables.documents(columns, { key }))) {
      const { id, category, label, date, fields } = row;
      const text = withText ? row.text : null;
      found.set(row.key, { id, key: row.key, text, category, label, date, fields });
    }
  }
  return keys.flatMap((key) => found.get(key) ?? []);
}

/** Writes which notes these are, as `chosenNotes.ts` reads them; returns how many. */
export async function keepNotes(
  { tables }: Pick<Store, 'tables'>,
  keys: readonly string[],
  file: string,
): Promise<number> {
  const chosen = [];
  for (const key of portions(keys)) {
    const rows = await rowsOf(tables.documents(['id', 'text'], { key }));
    chosen.push(...rows.map(({ id, text }) => ({ id, text: hashText(text) })));
  }
  await writeChosenNotes(file, chosen);
  return chosen.length;
}

function* portions(keys: readonly string[]): Generator<readonly string[]> {
  for (let i = 0; i < keys.length; i += notesAtOnce) yield keys.slice(i, i + notesAtOnce);
}
