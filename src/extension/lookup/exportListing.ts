/** Saves a list of similar notes as a table, with the columns that the user ticks. */
import { plural } from '../../core/base/wording.js';
import { assertionLabels } from '../../protocol/catalogue/lookup.js';
import type { SimilarResult } from '../../protocol/lookup.js';
import type { Services } from '../services.js';
import { readSettings } from '../settings.js';
import type { Listing } from './listing.js';
import { askColumns, askWhere, column, csvFilter, keptColumns, saveTable } from './saveTable.js';
import type { ExportColumn } from './saveTable.js';

const own: readonly ExportColumn<SimilarResult>[] = [
  column('rank', ({ rank }) => rank),
  column('id', ({ id }) => id),
  column('nearness', ({ nearness }) => (nearness === null ? null : Number(nearness.toFixed(1)))),
  column('similarity', ({ similarity }) => Number(similarity.toFixed(6))),
  column('category', ({ category }) => category),
  column('date', ({ date }) => date),
  column('negated or family', ({ assertion }) =>
    assertion === null ? null : assertionLabels[assertion],
  ),
  column('almost identical', ({ copies }) => copies.count),
];

/**
 * @param offered names of the kept columns that tell nobody apart and hold no prose
 * @param hideText whether note text is hidden: then what may hold some is not offered
 */
function exportColumns(
  results: readonly SimilarResult[],
  offered: ReadonlySet<string>,
  hideText: boolean,
): ExportColumn<SimilarResult>[] {
  const passage = column<SimilarResult>('text found', ({ snippet }) => snippet, 'text of notes');
  const all = [...own, ...keptColumns(results, offered), passage];
  return hideText ? all.filter(({ caution }) => caution === '') : all;
}

/** Throws Cancelled when the user closes a question. */
export async function exportListing(
  { lookup, notices }: Services,
  { corpus, similar: { results } }: Listing,
): Promise<void> {
  const { fields } = await lookup.request('store/fields', { store: corpus.store });
  const { hideNoteText } = readSettings();
  const columns = exportColumns(results, new Set(fields.map(({ name }) => name)), hideNoteText);
  const title = 'Export Results';
  const chosen = await askColumns(title, columns);
  const uri = await askWhere(title, corpus, 'similar-notes.csv', csvFilter);
  await saveTable(uri, results, chosen);
  notices.brief(`Exported ${plural(results.length, 'note')}.`);
}
