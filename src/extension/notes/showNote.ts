/** Opens a note of an index in an editor, with what was found in it marked. */
import { stat } from 'node:fs/promises';
import * as vscode from 'vscode';
import { usageError } from '../../core/base/errors.js';
import type { ReadNoteParams, TextRange } from '../../protocol/lookup.js';
import type { Corpus } from '../corpora/corpora.js';
import type { Services } from '../services.js';
import { rangeIn, termsIn } from './marks.js';
import type { Marks } from './marks.js';
import { noteUri } from './notes.js';

export interface Marking {
  readonly column: vscode.ViewColumn;
  /** Whether the next note that is opened may take its place. */
  readonly isPreview: boolean;
  /** Stretches of its text; the first is scrolled to. */
  readonly passages: readonly TextRange[];
  /** Words in lower case. */
  readonly terms: readonly string[];
}

export interface Shown {
  readonly editor: vscode.TextEditor;
  /** Of each passage; `null` where the document does not hold it, as where note text is hidden. */
  readonly ranges: readonly (vscode.Range | null)[];
}

export async function showNote(
  { lookup, marks }: Services,
  corpus: Corpus,
  note: ReadNoteParams['note'],
  marking: Marking,
): Promise<Shown> {
  const { text, file, key } = await lookup.request('note/read', { store: corpus.store, note });
  const uri = file === null ? noteUri(corpus, key) : vscode.Uri.file(file);
  try {
    return await showMarked(marks, uri, text, marking);
  } catch (error) {
    throw await explained(error, file);
  }
}

/** @param text in which the passages are; `null`: that of the document, without white space around it */
export async function showMarked(
  marks: Marks,
  uri: vscode.Uri,
  text: string | null,
  { column, isPreview, passages, terms }: Marking,
): Promise<Shown> {
  const shown = { preview: isPreview, viewColumn: column };
  const editor = await vscode.window.showTextDocument(uri, shown);
  const { document } = editor;
  const whole = text ?? document.getText().trim();
  const ranges = passages.map((passage) => rangeIn(document, whole, passage));
  const found = ranges.flatMap((range) => range ?? []);
  const [first] = found;
  // The cursor, not a selection, which the next key would replace.
  if (first !== undefined) {
    editor.selection = new vscode.Selection(first.start, first.start);
    editor.revealRange(first, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  }
  marks.show(editor, { passages: found, terms: termsIn(document, terms) });
  return { editor, ranges };
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
export function columnForNotes(): vscode.ViewColumn {
  const { activeTabGroup, all } = vscode.window.tabGroups;
  const showsPanel = (group: vscode.TabGroup): boolean =>
    group.activeTab?.input instanceof vscode.TabInputWebview;
  if (!showsPanel(activeTabGroup)) return vscode.ViewColumn.Active;
  return all.find((group) => !showsPanel(group))?.viewColumn ?? vscode.ViewColumn.Beside;
}
