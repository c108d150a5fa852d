import * as vscode from 'vscode';
import type { TextRange } from '../../protocol/lookup.js';
import { columnForNotes, showNote } from '../notes/showNote.js';
import type { Services } from '../services.js';
import { ask, corpusFor } from '../ask/choices.js';

/** Opens a note by its key (from links and panels) or by its id (as people know it). */
export async function openNote(
  services: Services,
  given: {
    readonly corpus?: string | undefined;
    readonly key?: string | undefined;
    readonly id?: string | undefined;
    readonly passage?: TextRange | undefined;
    readonly beside?: boolean | undefined;
  } | null,
): Promise<void> {
  const corpus = await corpusFor(services, given?.corpus);
  const note =
    given?.key === undefined ? { id: given?.id ?? (await askId(corpus.name)) } : { key: given.key };
  await showNote(services, corpus, note, {
    column: given?.beside === true ? vscode.ViewColumn.Beside : columnForNotes(),
    isPreview: true,
    passages: given?.passage === undefined ? [] : [given.passage],
    terms: [],
  });
}

function askId(corpus: string): Promise<string> {
  return ask({
    title: `Open a Note of ${corpus}`,
    prompt: 'Its id: the path of its file within the corpus, or what the id column says.',
  });
}
