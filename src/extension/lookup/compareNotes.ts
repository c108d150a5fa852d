/**
 * Compares a result with the note that it is like: both side by side, with the words in common and the
 * passages that are alike marked. A click into one of those brings its counterpart into sight.
 */
import * as vscode from 'vscode';
import { UserError } from '../../core/base/errors.js';
import type { SimilarResult } from '../../protocol/lookup.js';
import type { Disposable } from '../disposable.js';
import { isSameNote } from '../notes/notes.js';
import type { OpenNote } from '../notes/notes.js';
import { noteOf } from '../notes/notes.js';
import { columnForNotes, showMarked, showNote } from '../notes/showNote.js';
import type { Marking, Shown } from '../notes/showNote.js';
import type { Services } from '../services.js';

export interface NoteComparison extends Disposable {
  /** Rejects if one of them cannot be opened. */
  compare(note: OpenNote, result: SimilarResult): Promise<void>;
}

export function createNoteComparison(services: Services): NoteComparison {
  let links: Disposable | null = null;
  return {
    async compare(note, { key, why }) {
      links?.dispose();
      links = null;
      const pairs = why?.pairs ?? [];
      const terms = (why?.terms ?? []).map(({ term }) => term);
      // Neither takes the place of the other, nor does the next one that is opened.
      const left = await showAsked(services, note, {
        ...{ terms, isPreview: false, column: columnOf(services, note) },
        passages: pairs.map(({ query }) => query),
      });
      const right = await showNote(
        services,
        note.corpus,
        { key },
        {
          ...{ terms, isPreview: false, column: vscode.ViewColumn.Beside },
          passages: pairs.map((pair) => pair.note),
        },
      );
      links = vscode.Disposable.from(linked(left, right), linked(right, left));
    },
    dispose: () => links?.dispose(),
  };
}

/** Where it is open already; else where notes are opened. */
function columnOf({ corpora }: Services, note: OpenNote): vscode.ViewColumn {
  const open = vscode.window.visibleTextEditors.find(({ document }) => {
    const shown = noteOf(document.uri, corpora);
    return (
      shown?.corpus.token === note.corpus.token &&
      isSameNote({ id: note.id ?? '', key: note.key ?? '', file: note.file }, shown)
    );
  });
  return open?.viewColumn ?? columnForNotes();
}

async function showAsked(services: Services, note: OpenNote, marking: Marking): Promise<Shown> {
  const { corpus, id, key, file } = note;
  try {
    return await showNote(services, corpus, key === null ? { id: id ?? '' } : { key }, marking);
  } catch (error) {
    // Not indexed: what was asked about is what its file says.
    const isUnknown = error instanceof UserError && error.kind === 'usage';
    if (!isUnknown || file === null || !corpus.isFolder) throw error;
    return showMarked(services.marks, vscode.Uri.file(file), null, marking);
  }
}

/** The counterpart of the passage in which the cursor is, in the other editor. */
function linked(from: Shown, to: Shown): Disposable {
  return vscode.window.onDidChangeTextEditorSelection(({ textEditor, selections, kind }) => {
    // What a program has selected was not asked for by anybody.
    if (kind === undefined || textEditor.document !== from.editor.document) return;
    const cursor = selections[0]?.active;
    const place =
      cursor === undefined
        ? -1
        : from.ranges.findIndex((range) => range !== null && range.contains(cursor));
    const counterpart = to.ranges[place] ?? null;
    if (counterpart === null) return;
    const other = vscode.window.visibleTextEditors.find(
      ({ document }) => document === to.editor.document,
    );
    other?.revealRange(counterpart, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  });
}
