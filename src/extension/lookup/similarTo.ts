/** The notes most similar to another, by its stored vector if it is indexed, else by its text, or to a typed text. */
import * as vscode from 'vscode';
import { UserError } from '../../core/base/errors.js';
import type { LookupMode } from '../../protocol/catalogue/lookup.js';
import type { SimilarQuery, SimilarResult } from '../../protocol/lookup.js';
import type { Corpus } from '../corpora/corpora.js';
import { isSameNote } from '../notes/notes.js';
import type { OpenNote } from '../notes/notes.js';
import type { Services } from '../services.js';
import { readSettings } from '../settings.js';
import type { TableRow } from '../notes/tableRows.js';
import { whereOf } from './conditions.js';
import type { Condition } from './conditions.js';

/** What is asked. */
export type Ask =
  | { readonly kind: 'note'; readonly note: OpenNote }
  | { readonly kind: 'row'; readonly row: TableRow }
  | { readonly kind: 'text'; readonly text: string };

/** How it is asked. */
export interface LookupChoices {
  readonly mode: LookupMode;
  readonly excludeGroup: boolean;
  readonly leaveOutNegated: boolean;
  readonly conditions: readonly Condition[];
}

/** The results, and a title for what was searched for. */
export interface Similar {
  readonly title: string;
  /** The note that was asked about, if any. */
  readonly note: OpenNote | null;
  readonly results: readonly SimilarResult[];
  /** For the user, if something was not done as asked; else `null`. */
  readonly remark: string | null;
}

/** `null`: a row that is not a note. */
export async function similarTo(
  services: Services,
  corpus: Corpus,
  asked: Ask,
  choices: LookupChoices,
  token: vscode.CancellationToken,
): Promise<Similar | null> {
  switch (asked.kind) {
    case 'note':
      return similarToNote(services, asked.note, choices, token);
    case 'row':
      return similarToRow(services, asked.row, choices, token);
    case 'text': {
      const { similarNotesCount: k } = readSettings(corpus.workspaceFolder.uri);
      const query = { text: asked.text, as: 'query' } as const;
      return {
        title: typedTitle,
        note: null,
        ...(await find(services, corpus, query, k, choices, token)),
      };
    }
  }
}

const typedTitle = 'What you typed';

export function titleOf(asked: Ask): string {
  switch (asked.kind) {
    case 'note':
      return asked.note.title;
    case 'row':
      return `row ${asked.row.record.line}`;
    case 'text':
      return typedTitle;
  }
}

async function similarToNote(
  services: Services,
  note: OpenNote,
  choices: LookupChoices,
  token: vscode.CancellationToken,
): Promise<Similar> {
  const { title } = note;
  const { store } = note.corpus;
  const id =
    note.id ??
    (await services.lookup.request('note/read', { store, note: { key: note.key ?? '' } }, token))
      .id;
  try {
    return { title, note, ...(await nearestTo(services, note, { id }, choices, token)) };
  } catch (error) {
    // A note that the index does not know (new, or under another id): search by its text.
    const text = error instanceof UserError && error.kind === 'usage' ? openText(note) : null;
    if (text === null) throw error;
    const query = { text, as: 'document', excludeId: id } as const;
    return { title, note, ...(await nearestTo(services, note, query, choices, token)) };
  }
}

async function similarToRow(
  services: Services,
  row: TableRow,
  choices: LookupChoices,
  token: vscode.CancellationToken,
): Promise<Similar | null> {
  const known = await services.rows.find(row, token);
  if (known === null) return null;
  const { note, found } = known;
  const { id, text, isUnchanged } = found;
  const query = isUnchanged ? { id } : ({ text, as: 'document', excludeId: id } as const);
  return { title: note.title, note, ...(await nearestTo(services, note, query, choices, token)) };
}

type Results = Pick<Similar, 'results' | 'remark'>;

async function nearestTo(
  services: Services,
  note: OpenNote,
  query: SimilarQuery,
  choices: LookupChoices,
  token: vscode.CancellationToken,
): Promise<Results> {
  const { similarNotesCount: k } = readSettings(note.corpus.workspaceFolder.uri);
  // One extra, in case the note itself is indexed under another id.
  const { results, remark } = await find(services, note.corpus, query, k + 1, choices, token);
  return { results: results.filter((result) => !isSameNote(result, note)).slice(0, k), remark };
}

async function find(
  { lookup, corpora }: Services,
  corpus: Corpus,
  query: SimilarQuery,
  k: number,
  { mode, excludeGroup, leaveOutNegated, conditions }: LookupChoices,
  token: vscode.CancellationToken,
): Promise<Results> {
  // Another index may answer since the note was looked at.
  const { store, workspaceFolder } = corpora.byToken(corpus.token) ?? corpus;
  const { device } = readSettings(workspaceFolder.uri);
  const where = whereOf(conditions);
  const { results, remark } = await lookup.request(
    'similar',
    {
      ...{ store, k, device, query, mode, excludeGroup, leaveOutNegated, explain: true },
      ...(where === undefined ? {} : { where }),
    },
    token,
  );
  return { results, remark };
}

function openText(note: OpenNote): string | null {
  const document = vscode.workspace.textDocuments.find(({ uri }) => uri.fsPath === note.file);
  const text = document?.getText().trim() ?? '';
  return text === '' ? null : text;
}
