/** Saves a list of similar notes as a table, with the columns that the user ticks. */
import { join } from 'node:path';
import * as vscode from 'vscode';
import { Cancelled } from '../../core/base/errors.js';
import { writeFileAtomic } from '../../core/base/files.js';
import { plural } from '../../core/base/wording.js';
import { csv } from '../../core/report/csv.js';
import type { CsvCell } from '../../core/report/csv.js';
import { assertionLabels } from '../../protocol/catalogue/lookup.js';
import type { SimilarResult } from '../../protocol/lookup.js';
import { askSeveralStep } from '../ask/severalStep.js';
import { back } from '../ask/steps.js';
import type { Services } from '../services.js';
import { readSettings } from '../settings.js';
import type { Listing } from './listing.js';

export interface ExportColumn {
  readonly name: string;
  /** Ticked at first. */
  readonly isPicked: boolean;
  /** Why it is not, in a few words. */
  readonly caution: string;
  readonly value: (result: SimilarResult) => CsvCell;
}

const own: readonly ExportColumn[] = [
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
export function exportColumns(
  results: readonly SimilarResult[],
  offered: ReadonlySet<string>,
  hideText: boolean,
): ExportColumn[] {
  const names = new Set(results.flatMap(({ fields }) => Object.keys(fields)));
  const kept = [...names].map((name): ExportColumn => {
    const value = ({ fields }: SimilarResult): CsvCell => fields[name] ?? null;
    const isPicked = offered.has(name);
    return {
      name,
      isPicked,
      caution: isPicked ? '' : 'may tell who somebody is, or hold text',
      value,
    };
  });
  const passage: ExportColumn = {
    ...{ name: 'text found', isPicked: false, caution: 'text of notes' },
    value: ({ snippet }) => snippet,
  };
  const all = [...own, ...kept, passage];
  return hideText ? all.filter(({ caution }) => caution === '') : all;
}

export function exported(
  results: readonly SimilarResult[],
  columns: readonly ExportColumn[],
): string {
  return csv([
    columns.map(({ name }) => name),
    ...results.map((result) => columns.map(({ value }) => value(result))),
  ]);
}

/** Throws Cancelled when the user closes a question. */
export async function exportListing(
  { lookup, notices }: Services,
  { corpus, similar: { results } }: Listing,
): Promise<void> {
  const { fields } = await lookup.request('store/fields', { store: corpus.store });
  const { hideNoteText } = readSettings();
  const columns = exportColumns(results, new Set(fields.map(({ name }) => name)), hideNoteText);
  const chosen = await askSeveralStep({
    place: { title: 'Export Results', step: 1, totalSteps: 1 },
    placeholder: 'Columns of the table',
    items: columns.map((one) => ({ label: one.name, description: one.caution, value: one })),
    isPicked: ({ isPicked }) => isPicked,
    refuse: (ticked) => (ticked.length === 0 ? 'Tick at least one column.' : null),
  });
  if (chosen === back) throw new Cancelled();
  const uri = await vscode.window.showSaveDialog({
    title: 'Export Results',
    defaultUri: vscode.Uri.file(join(corpus.workspaceFolder.uri.fsPath, 'similar-notes.csv')),
    filters: { 'CSV (comma-separated)': ['csv'] },
  });
  if (uri === undefined) throw new Cancelled();
  await writeFileAtomic(uri.fsPath, exported(results, chosen));
  notices.brief(`Exported ${plural(results.length, 'note')}.`);
}

function column(name: string, value: ExportColumn['value']): ExportColumn {
  return { name, isPicked: true, caution: '', value };
}
