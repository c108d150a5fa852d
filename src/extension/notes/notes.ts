/**
 * What is a note? A file of a corpus, or a row opened from one. Only notes are looked up, never
 * other text in the editor.
 */
import { basename } from 'node:path';
import * as vscode from 'vscode';
import { noteScheme } from '../contributions.js';
import type { Corpora, Corpus } from '../corpora/corpora.js';
import { isSameFile, noteAddressOf, noteUriParts } from './noteIdentity.js';

export interface OpenNote {
  readonly corpus: Corpus;
  /** Of a file, or of a row of an open table. */
  readonly id: string | null;
  /** Of a row. */
  readonly key: string | null;
  readonly file: string | null;
  /** A file's name, the id of a row in an open table, or part of a row's opaque key. */
  readonly title: string;
}

export function noteOf(uri: vscode.Uri, corpora: Corpora): OpenNote | null {
  if (uri.scheme === 'file') {
    const found = corpora.ofFile(uri.fsPath);
    if (found === null) return null;
    const title = basename(uri.fsPath);
    return { corpus: found.corpus, id: found.id, key: null, file: uri.fsPath, title };
  }
  if (uri.scheme !== noteScheme) return null;
  const address = noteAddressOf(uri.path, uri.query);
  const corpus = address === null ? null : corpora.byToken(address.corpus);
  if (address === null || corpus === null) return null;
  return { corpus, id: null, key: address.key, file: null, title: basename(uri.path, '.txt') };
}

export function activeNote(corpora: Corpora): OpenNote | null {
  const editor = vscode.window.activeTextEditor;
  return editor === undefined ? null : noteOf(editor.document.uri, corpora);
}

export function noteUri(corpus: Corpus, key: string): vscode.Uri {
  return vscode.Uri.from({
    scheme: noteScheme,
    ...noteUriParts({ corpus: corpus.token, key }),
  });
}

interface StoredRecord {
  readonly id: string;
  readonly key: string;
  readonly file: string | null;
}

export function isSameNote(record: StoredRecord, note: OpenNote): boolean {
  return record.file !== null && note.file !== null
    ? isSameFile(record.file, note.file)
    : record.key === note.key || record.id === note.id;
}

/** A file's name or a row's id: may identify a patient, so it is hidden together with note text. */
export function recordName({ id, file }: StoredRecord): string {
  return file === null ? id : basename(file);
}
