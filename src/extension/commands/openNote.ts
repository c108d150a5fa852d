import { stat } from 'node:fs/promises';
import * as vscode from 'vscode';
import { usageError } from '../../core/base/errors.js';
import { noteUri } from '../notes/notes.js';
import type { Services } from '../services.js';
import { ask, corpusFor } from '../ask/choices.js';

/** Opens a note by its key (from links and panels) or by its id (as people know it). */
export async function openNote(
  services: Services,
  given: {
    readonly corpus?: string | undefined;
    readonly key?: string | undefined;
    readonly id?: string | undefined;
  } | null,
): Promise<void> {
  const corpus = await corpusFor(services, given?.corpus);
  const { store } = corpus;
  const note =
    given?.key === undefined ? { id: given?.id ?? (await askId(corpus.name)) } : { key: given.key };
  const found = await services.lookup.request('note/read', { store, note });
  const uri = found.file === null ? noteUri(corpus, found.key) : vscode.Uri.file(found.file);
  try {
    await vscode.window.showTextDocument(uri, { preview: true, viewColumn: columnForNotes() });
  } catch (error) {
    throw await explained(error, found.file);
  }
}

/** VS Code does not share larger files with extensions. */
const mostBytes = 50 * 2 ** 20;

async function explained(error: unknown, file: string | null): Promise<unknown> {
  if (file === null) return error;
  const stats = await stat(file).catch(() => null);
  if (stats === null) return usageError('The file of this note is gone: index the notes again.');
  return stats.size > mostBytes
    ? usageError(
        'The file of this note is too large to be opened from here: open it in the Explorer.',
      )
    : error;
}

/** Beside a map or chart, never on top of it. */
function columnForNotes(): vscode.ViewColumn {
  const { activeTabGroup, all } = vscode.window.tabGroups;
  const showsPanel = (group: vscode.TabGroup): boolean =>
    group.activeTab?.input instanceof vscode.TabInputWebview;
  if (!showsPanel(activeTabGroup)) return vscode.ViewColumn.Active;
  return all.find((group) => !showsPanel(group))?.viewColumn ?? vscode.ViewColumn.Beside;
}

function askId(corpus: string): Promise<string> {
  return ask({
    title: `Open a Note of ${corpus}`,
    prompt: 'Its id: the path of its file within the corpus, or what the id column says.',
  });
}
