/** The notes most similar to an open one: by its stored vector if it is indexed, else by its text. */
import * as vscode from 'vscode';
import { UserError } from '../../core/base/errors.js';
import type { SimilarQuery, SimilarResult } from '../../protocol/lookup.js';
import { isSameNote } from '../notes/notes.js';
import type { OpenNote } from '../notes/notes.js';
import type { Services } from '../services.js';
import { readSettings } from '../settings.js';
import type { TableRow } from '../notes/tableRows.js';

/** The results, and a title for what was searched for. */
export interface Similar {
  readonly title: string;
  readonly results: readonly SimilarResult[];
  /** For the user, if something was not done as asked; else `null`. */
  readonly remark: string | null;
}

export async function similarToNote(
  services: Services,
  note: OpenNote,
  token: vscode.CancellationToken,
): Promise<Similar> {
  const { title } = note;
  const { store } = note.corpus;
  const id =
    note.id ??
    (await services.lookup.request('note/read', { store, note: { key: note.key ?? '' } }, token))
      .id;
  try {
    return { title, ...(await nearestTo(services, note, { id }, token)) };
  } catch (error) {
    // A note that the index does not know (new, or under another id): search by its text.
    const text = error instanceof UserError && error.kind === 'usage' ? openText(note) : null;
    if (text === null) throw error;
    const query = { text, as: 'document', excludeId: id } as const;
    return { title, ...(await nearestTo(services, note, query, token)) };
  }
}

/** `null`: the row is not a note. */
export async function similarToRow(
  services: Services,
  row: TableRow,
  token: vscode.CancellationToken,
): Promise<Similar | null> {
  const known = await services.rows.find(row, token);
  if (known === null) return null;
  const { note, found } = known;
  const { id, text, isUnchanged } = found;
  const query = isUnchanged ? { id } : ({ text, as: 'document', excludeId: id } as const);
  return { title: note.title, ...(await nearestTo(services, note, query, token)) };
}

async function nearestTo(
  { lookup }: Services,
  note: OpenNote,
  query: SimilarQuery,
  token: vscode.CancellationToken,
): Promise<Omit<Similar, 'title'>> {
  const { store, workspaceFolder } = note.corpus;
  const { similarNotesCount: k, device } = readSettings(workspaceFolder.uri);
  // One extra, in case the note itself is indexed under another id.
  const search = { store, k: k + 1, device, query, explain: true } as const;
  const { results, remark } = await lookup.request('similar', search, token);
  return { results: results.filter((result) => !isSameNote(result, note)).slice(0, k), remark };
}

function openText(note: OpenNote): string | null {
  const document = vscode.workspace.textDocuments.find(({ uri }) => uri.fsPath === note.file);
  const text = document?.getText().trim() ?? '';
  return text === '' ? null : text;
}
