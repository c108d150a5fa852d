/** Opens a note of an index in an editor, with what was found in it marked. */
import { stat } from 'node:fs/promises';
import * as vscode from 'vscode';
import { usageError } from '../../core/base/errors.js';
import type { ReadNoteParams, TextRange } from '../../protocol/lookup.js';
import type { Corpus } from '../corpora/corpora.js';
import type { Services } from '../services.js';
import { rangeIn, termsIn } from './marks.js';
import { noteUri } from './notes.js';

export interface ShownNote {
  readonly corpus: Corpus;
  readonly note: ReadNoteParams['note'];
  readonly column: vscode.ViewColumn;
  /** Whether the next note that is opened may take its place. */
  readonly isPreview: boolean;
  /** Stretches of its text; the first is scrolled to. */
  readonly passages: readonly TextRange[];
  /** Words in lower case. */
  readonly terms: readonly string[];
}

export async function showNote(
  { lookup, marks }: Services,
  { corpus, note, column, isPreview, passages, terms }: ShownNote,
): Promise<void> {
  const found = await lookup.request('note/read', { store: corpus.store, note });
  const uri = found.file === null ? noteUri(corpus, found.key) : vscode.Uri.file(found.file);
  let editor: vscode.TextEditor;
  try {
    const shown = { preview: isPreview, viewColumn: column };
    editor = await vscode.window.showTextDocument(uri, shown);
  } catch (error) {
    throw await explained(error, found.file);
  }
  const { document } = editor;
  const ranges = passages.flatMap((passage) => rangeIn(document, found.text, passage) ?? []);
  const [first] = ranges;
  // The cursor, not a selection, which the next key would replace.
  if (first !== undefined) {
    editor.selection = new vscode.Selection(first.start, first.start);
    editor.revealRange(first, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  }
  marks.show(editor, { passages: ranges, terms: termsIn(document, terms) });
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
