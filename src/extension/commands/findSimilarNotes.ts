import * as vscode from 'vscode';
import { viewIds } from '../contributions.js';
import { activeNote } from '../notes.js';
import type { Workbench } from '../workbench.js';
import { ask, corpusFor } from './choices.js';

/** Shows the notes similar to the open one, or to the row under the cursor; without one, to a text that is given or asked for. */
export async function findSimilarNotes(
  workbench: Workbench,
  given: { readonly corpus?: string | undefined; readonly text?: string | undefined } | null,
): Promise<void> {
  const { corpora, rows, similarNotes } = workbench;
  await corpora.whenLoaded();
  const note = given?.text === undefined ? (activeNote(corpora) ?? rows.active()) : null;
  const corpus = note?.corpus ?? (await corpusFor(workbench, given?.corpus));
  const text = note !== null ? null : (given?.text ?? (await askText(corpus.name)));
  await vscode.commands.executeCommand(`${viewIds.similarNotes}.focus`, { preserveFocus: true });
  if (text === null) similarNotes.refresh();
  else await similarNotes.showSimilarTo(corpus, text);
}

function askText(corpus: string): Promise<string> {
  return ask({
    title: `Find Notes of ${corpus}`,
    prompt: 'What they should be about, in your own words.',
    validateInput: (value) => (value.trim() === '' ? 'A few words, please.' : null),
  });
}
