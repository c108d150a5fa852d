/** Saves notes as a table, with the columns that the user ticks. */
import { join } from 'node:path';
import * as vscode from 'vscode';
import { Cancelled } from '../../core/base/errors.js';
import { writeFileAtomic } from '../../core/base/files.js';
import type { StoredNote } from '../../protocol/lookup.js';
import { csv } from '../../core/report/csv.js';
import type { CsvCell } from '../../core/report/csv.js';
import { askSeveralStep } from '../ask/severalStep.js';
import { back } from '../ask/steps.js';
import type { Corpus } from '../corpora/corpora.js';

export interface ExportColumn<Row> {
  readonly name: string;
  /** Ticked at first. */
  readonly isPicked: boolean;
  /** Why it is not, in a few words. */
  readonly caution: string;
  readonly value: (row: Row) => CsvCell;
}

export function column<Row>(
  name: string,
  value: ExportColumn<Row>['value'],
  caution = '',
): ExportColumn<Row> {
  return { name, isPicked: caution === '', caution, value };
}

/**
 * Columns that are kept with the notes.
 *
 * @param offered names of those that tell nobody apart and hold no prose
 */
export function keptColumns<Row extends Pick<StoredNote, 'fields'>>(
  rows: readonly Row[],
  offered: ReadonlySet<string>,
): ExportColumn<Row>[] {
  const names = new Set(rows.flatMap(({ fields }) => Object.keys(fields)));
  return [...names].map((name) =>
    column(
      name,
      ({ fields }) => fields[name] ?? null,
      offered.has(name) ? '' : 'may tell who somebody is, or hold text',
    ),
  );
}

/** Throws Cancelled when the user closes the question. */
export async function askColumns<Row>(
  title: string,
  columns: readonly ExportColumn<Row>[],
): Promise<readonly ExportColumn<Row>[]> {
  const chosen = await askSeveralStep({
    place: { title, step: 1, totalSteps: 1 },
    placeholder: 'Columns of the table',
    items: columns.map((one) => ({ label: one.name, description: one.caution, value: one })),
    isPicked: ({ isPicked }) => isPicked,
    refuse: (ticked) => (ticked.length === 0 ? 'Tick at least one column.' : null),
  });
  if (chosen === back) throw new Cancelled();
  return chosen;
}

/** Throws Cancelled when the user closes the dialogue. */
export async function askWhere(
  title: string,
  corpus: Corpus,
  name: string,
  filters: Record<string, string[]>,
): Promise<vscode.Uri> {
  const uri = await vscode.window.showSaveDialog({
    title,
    defaultUri: vscode.Uri.file(join(corpus.workspaceFolder.uri.fsPath, name)),
    filters,
  });
  if (uri === undefined) throw new Cancelled();
  return uri;
}

export async function saveTable<Row>(
  uri: vscode.Uri,
  rows: readonly Row[],
  columns: readonly ExportColumn<Row>[],
): Promise<void> {
  const heads = columns.map(({ name }) => name);
  const cells = rows.map((row) => columns.map(({ value }) => value(row)));
  await writeFileAtomic(uri.fsPath, csv([heads, ...cells]));
}

export const csvFilter = { 'CSV (comma-separated)': ['csv'] };
