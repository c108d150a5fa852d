/** Marks in open notes: the passage that was found, and words in common. They go when the note is edited. */
import * as vscode from 'vscode';
import type { Disposable } from '../disposable.js';
import { disposableList } from '../disposable.js';

export interface NoteMarks {
  readonly passages: readonly vscode.Range[];
  readonly terms: readonly vscode.Range[];
}

export interface Marks extends Disposable {
  /** In place of earlier ones; they are lost when the editor is hidden, as the editor's own are. */
  show(editor: vscode.TextEditor, marks: NoteMarks): void;
}

export function createMarks(): Marks {
  const all = disposableList();
  const colour = (name: string): vscode.ThemeColor => new vscode.ThemeColor(name);
  const passage = all.add(
    vscode.window.createTextEditorDecorationType({
      backgroundColor: colour('editor.rangeHighlightBackground'),
      overviewRulerColor: colour('editorOverviewRuler.rangeHighlightForeground'),
    }),
  );
  // Bold, since themes of high contrast have no such background.
  const term = all.add(
    vscode.window.createTextEditorDecorationType({
      backgroundColor: colour('editor.findMatchHighlightBackground'),
      fontWeight: 'bold',
    }),
  );
  const show = (editor: vscode.TextEditor, { passages, terms }: NoteMarks): void => {
    editor.setDecorations(passage, passages);
    editor.setDecorations(term, terms);
  };
  all.add(
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length === 0) return;
      for (const editor of vscode.window.visibleTextEditors) {
        if (editor.document === document) show(editor, { passages: [], terms: [] });
      }
    }),
  );
  return { show, dispose: () => all.dispose() };
}

/**
 * Where a stretch of a note's text stands in a document, whose ends of lines may be others; `null` if it
 * is not there, as where note text is hidden.
 */
export function rangeIn(
  document: vscode.TextDocument,
  text: string,
  { start, end }: { readonly start: number; readonly end: number },
): vscode.Range | null {
  const shown = document.getText();
  const wanted = text.slice(start, end);
  if (wanted === '') return null;
  const written = wanted.replace(/\r\n|\r|\n/g, shown.includes('\r\n') ? '\r\n' : '\n');
  const at = shown.startsWith(wanted, start) ? start : shown.indexOf(written);
  if (at === -1) return null;
  const length = shown.startsWith(wanted, at) ? wanted.length : written.length;
  return new vscode.Range(document.positionAt(at), document.positionAt(at + length));
}

/** Every place of these words, which are in lower case. */
export function termsIn(document: vscode.TextDocument, terms: readonly string[]): vscode.Range[] {
  const wanted = new Set(terms);
  if (wanted.size === 0) return [];
  return [...document.getText().matchAll(/[\p{L}\p{N}_]{2,}/gu)].flatMap(({ 0: word, index }) =>
    wanted.has(word.toLowerCase())
      ? [new vscode.Range(document.positionAt(index), document.positionAt(index + word.length))]
      : [],
  );
}
