import * as vscode from 'vscode';
import { noteUri } from '../notes.js';
import type { Services } from '../services.js';
import { ask, corpusFor } from './choices.js';

/** Opens a note by its key (links, panels) or by its id (as a person knows it). */
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
  await vscode.window.showTextDocument(uri, { preview: true, viewColumn: columnForNotes() });
}

/** Beside a map or a curve, never over it. */
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
