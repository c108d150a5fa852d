import * as vscode from 'vscode';
import { viewIds } from '../contributions.js';
import { activeNote } from '../notes/notes.js';
import type { Workbench } from '../workbench.js';
import { corpusFor } from '../ask/choices.js';

type Wanted = { readonly corpus?: string | undefined; readonly text?: string | undefined } | null;

/** Shows notes similar to the open note or the row under the cursor, or else to a given or typed text. */
export async function findSimilarNotes(workbench: Workbench, given: Wanted): Promise<void> {
  const { corpora, rows } = workbench;
  await corpora.whenLoaded();
  const note = given?.text === undefined ? (activeNote(corpora) ?? rows.active()) : null;
  if (note === null) {
    await findNotesByText(workbench, given);
    return;
  }
  await focusView();
  workbench.similarNotes.followNote();
}

/** Shows notes similar to a text that is given, or lets the user type one into the view, whatever is open. */
export async function findNotesByText(workbench: Workbench, given: Wanted): Promise<void> {
  const corpus = await corpusFor(workbench, given?.corpus);
  const text = given?.text;
  await focusView(text !== undefined);
  if (text === undefined) workbench.similarNotes.startTyping(corpus);
  else await workbench.similarNotes.showSimilarTo(corpus, text);
}

async function focusView(preserveFocus = true): Promise<void> {
  await vscode.commands.executeCommand(`${viewIds.similarNotes}.focus`, { preserveFocus });
}
