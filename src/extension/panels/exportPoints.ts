/** Saves notes that were chosen on the map as a table. */
import { plural } from '../../core/base/wording.js';
import type { StoredNote } from '../../protocol/lookup.js';
import type { ClusterMap, MapColumn } from '../../protocol/map.js';
import type { Corpus } from '../corpora/corpora.js';
import {
  askColumns,
  askWhere,
  column,
  csvFilter,
  keptColumns,
  saveTable,
} from '../lookup/saveTable.js';
import type { ExportColumn } from '../lookup/saveTable.js';
import type { Services } from '../services.js';
import { readSettings } from '../settings.js';

interface PointRow extends StoredNote {
  readonly point: number;
}

/** Throws Cancelled when the user closes a question. */
export async function exportPoints(
  { lookup, notices }: Services,
  corpus: Corpus,
  map: ClusterMap,
  points: readonly number[],
): Promise<void> {
  const { store } = corpus;
  const keys = points.flatMap((point) => map.keys[point] ?? []);
  const { notes } = await lookup.request('notes/read', { store, keys, withText: false });
  const { hideNoteText } = readSettings();
  const pointOf = new Map(points.map((point) => [map.keys[point], point]));
  const rows = notes.map((note): PointRow => ({ ...note, point: pointOf.get(note.key) ?? -1 }));
  const title = 'Export Notes of the Map';
  const chosen = await askColumns(title, columnsOf(rows, map.columns, hideNoteText));
  const uri = await askWhere(title, corpus, 'notes-of-map.csv', csvFilter);
  // Texts are read only if they are asked for.
  const filled = chosen.some(({ name }) => name === textColumn)
    ? await withTexts(lookup, store, rows)
    : rows;
  await saveTable(uri, filled, chosen);
  notices.brief(`Exported ${plural(filled.length, 'note')}.`);
}

const textColumn = 'text';

/** Without what may hold text, or a name, while note text is hidden. */
function columnsOf(
  rows: readonly PointRow[],
  mapColumns: readonly MapColumn[],
  hideText: boolean,
): ExportColumn<PointRow>[] {
  const offered = new Set(mapColumns.map(({ name }) => name));
  const groups = mapColumns.flatMap((one): ExportColumn<PointRow>[] => {
    if (one.kind !== 'values' || one.plainValues === null) return [];
    const names = hideText ? one.plainValues : one.values;
    return [column(one.label, ({ point }) => names[one.codes[point] ?? -1] ?? null)];
  });
  const all: ExportColumn<PointRow>[] = [
    column('id', ({ id }) => id, 'may tell who somebody is'),
    column('category', ({ category }) => category),
    column('label', ({ label }) => label),
    column('date', ({ date }) => date),
    ...groups,
    ...keptColumns(rows, offered),
    column(textColumn, ({ text }) => text, 'text of notes'),
  ];
  return hideText ? all.filter(({ caution }) => caution === '') : all;
}

async function withTexts(
  lookup: Services['lookup'],
  store: string,
  rows: readonly PointRow[],
): Promise<PointRow[]> {
  const keys = rows.map(({ key }) => key);
  const { notes } = await lookup.request('notes/read', { store, keys, withText: true });
  const texts = new Map(notes.map(({ key, text }) => [key, text]));
  return rows.map((row) => ({ ...row, text: texts.get(row.key) ?? null }));
}
