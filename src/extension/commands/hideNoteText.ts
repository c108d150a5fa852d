/** Hides note text in everything that Notespace shows; what else shows it is said, and can be closed. */
import * as vscode from 'vscode';
import { plural } from '../../core/base/wording.js';
import type { Corpora } from '../corpora/corpora.js';
import { noteOf } from '../notes/notes.js';
import type { Services } from '../services.js';
import { setHideNoteText } from '../settings.js';

export async function hideNoteText({ corpora, notices }: Services): Promise<void> {
  await setHideNoteText(true);
  const open = tabsWithNotes(corpora);
  if (open.length === 0) {
    notices.brief('Note text is hidden in what Notespace shows.');
    return;
  }
  const close = 'Close Open Notes';
  const verb = open.length === 1 ? 'is' : 'are';
  const message = `Note text is hidden in what Notespace shows. ${plural(open.length, 'open file')} ${verb} still readable.`;
  // Not awaited: the text is hidden, whatever is answered.
  void notices.info(message, close).then(async (chosen) => {
    if (chosen === close) await vscode.window.tabGroups.close(tabsWithNotes(corpora));
  });
}

/** Editors with a note, a table of notes, or two notes beside each other. */
function tabsWithNotes(corpora: Corpora): vscode.Tab[] {
  const isOfNotes = (uri: vscode.Uri): boolean =>
    noteOf(uri, corpora) !== null ||
    (uri.scheme === 'file' && corpora.ofTable(uri.fsPath) !== null);
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(({ input }) => {
      if (input instanceof vscode.TabInputText) return isOfNotes(input.uri);
      if (input instanceof vscode.TabInputTextDiff) {
        return isOfNotes(input.original) || isOfNotes(input.modified);
      }
      return false;
    });
}
