/** The row under the cursor when a corpus's table is open in an editor. */
import { basename } from 'node:path';
import * as vscode from 'vscode';
import { createRecordIndex } from '../../core/corpus/recordIndex.js';
import type { RecordIndex, RecordLines } from '../../core/corpus/recordIndex.js';
import type { TableKind } from '../../protocol/catalogue/readers.js';
import { tableKindOf } from '../../protocol/catalogue/sources.js';
import type { FoundRow, TableRecord } from '../../protocol/lookup.js';
import type { Corpora, Corpus } from '../corpora/corpora.js';
import type { Disposable } from '../disposable.js';
import { disposableList } from '../disposable.js';
import type { LookupClient } from '../lookup/lookupClient.js';
import type { OpenNote } from './notes.js';

/** A record of a table as displayed; stays the same object while its content does. */
export interface TableRow {
  readonly corpus: Corpus;
  readonly file: string;
  readonly lines: RecordLines;
  readonly record: TableRecord;
}

export interface TableRows extends Disposable {
  /** The cursor has stopped at another row, or the row's text was edited. Debounced. */
  readonly onDidMove: vscode.Event<void>;
  /** The row under the cursor of the active editor. */
  active(): TableRow | null;
  at(document: vscode.TextDocument, line: number): TableRow | null;
  /** The table in the active tab, if there is one; rows of a table that is too large are not tracked. */
  activeTable(): { readonly corpus: Corpus; readonly isTooLarge: boolean } | null;
  /** The row as a note of the index, with its current text; `null` if it is not a note. */
  find(
    row: TableRow,
    token?: vscode.CancellationToken,
  ): Promise<{ readonly note: OpenNote; readonly found: FoundRow } | null>;
}

/** Debounced: waits until the cursor or typing stops. */
const settleMs = 250;
/** In a larger table, finding the last row for the first time takes more than 0.2 s. */
const mostCharacters = 32 * 2 ** 20;

export function createTableRows(corpora: Corpora, lookup: LookupClient): TableRows {
  const all = disposableList();
  const moved = all.add(new vscode.EventEmitter<void>());
  const indexes = new WeakMap<vscode.TextDocument, RecordIndex>();
  let current: TableRow | null = null;
  let told: TableRow | null = null;
  let timer: NodeJS.Timeout | undefined;

  function indexOf(document: vscode.TextDocument): RecordIndex | null {
    const known = indexes.get(document);
    if (known !== undefined) return known;
    const kind = kindOf(document.uri);
    if (kind === null) return null;
    const text = {
      count: () => document.lineCount,
      text: (line: number) => document.lineAt(line).text,
    };
    const index = createRecordIndex(kind, text, corpusOf(document.uri)?.spec.reading);
    indexes.set(document, index);
    return index;
  }

  function corpusOf(uri: vscode.Uri): Corpus | null {
    return kindOf(uri) === null ? null : corpora.ofTable(uri.fsPath);
  }

  function at(document: vscode.TextDocument, line: number): TableRow | null {
    const corpus = corpusOf(document.uri);
    if (corpus === null || isTooLarge(document)) return null;
    const index = indexOf(document);
    const lines = index?.at(line) ?? null;
    if (index === null || lines === null) return null;
    const head = index.head();
    const record = {
      head: head === null ? '' : textOf(document, head),
      text: textOf(document, lines),
      line: lines.first + 1,
      dialect: index.dialect(),
    };
    return { corpus, file: document.uri.fsPath, lines, record };
  }

  function active(): TableRow | null {
    const editor = vscode.window.activeTextEditor;
    const row = editor === undefined ? null : at(editor.document, editor.selection.active.line);
    if (row === null || current === null || !isSameRow(row, current)) current = row;
    return current;
  }

  function settle(): void {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const row = active();
      if (row === told) return;
      told = row;
      moved.fire();
    }, settleMs);
  }

  all.add(
    vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => {
      if (corpusOf(textEditor.document.uri) !== null) settle();
    }),
  );
  all.add(
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      const changedLines = contentChanges.map(({ range }) => range.start.line);
      if (changedLines.length > 0) indexes.get(document)?.changed(Math.min(...changedLines));
      if (
        document === vscode.window.activeTextEditor?.document &&
        corpusOf(document.uri) !== null
      ) {
        settle();
      }
    }),
  );
  return {
    onDidMove: moved.event,
    active,
    at,
    activeTable() {
      const uri = activeFile();
      const corpus = uri === null ? null : corpusOf(uri);
      if (uri === null || corpus === null) return null;
      const document = vscode.workspace.textDocuments.find(
        (open) => open.uri.toString() === uri.toString(),
      );
      // VS Code does not share even larger documents with extensions.
      return { corpus, isTooLarge: document === undefined || isTooLarge(document) };
    },
    async find({ corpus, record }, token) {
      const params = { store: corpus.store, record };
      const found = await lookup.request('row/find', params, token);
      if (found === null) return null;
      const { id, key } = found;
      return { note: { corpus, id, key, file: null, title: id }, found };
    },
    dispose() {
      clearTimeout(timer);
      all.dispose();
    },
  };
}

function activeFile(): vscode.Uri | null {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  return input instanceof vscode.TabInputText ? input.uri : null;
}

function kindOf(uri: vscode.Uri): TableKind | null {
  return uri.scheme === 'file' ? tableKindOf(basename(uri.fsPath)) : null;
}

function isTooLarge(document: vscode.TextDocument): boolean {
  return document.offsetAt(new vscode.Position(document.lineCount, 0)) > mostCharacters;
}

function textOf(document: vscode.TextDocument, { first, last }: RecordLines): string {
  const end = document.lineAt(last).range.end;
  return document.getText(new vscode.Range(new vscode.Position(first, 0), end));
}

function isSameRow(a: TableRow, b: TableRow): boolean {
  return (
    a.corpus.token === b.corpus.token &&
    a.file === b.file &&
    a.record.line === b.record.line &&
    a.record.text === b.record.text &&
    a.record.head === b.record.head
  );
}
