/** Rows of tables as read-only documents of the scheme `notespace-note`. */
import * as vscode from 'vscode';
import type { Disposable } from '../disposable.js';
import { UserError } from '../../core/base/errors.js';
import type { Corpora } from '../corpora/corpora.js';
import type { LookupClient } from '../lookup/lookupClient.js';
import { noteOf } from './notes.js';
import { readSettings } from '../settings.js';

export interface NoteDocuments extends vscode.FileSystemProvider, Disposable {
  /** Note text was hidden or shown: reload the open documents. */
  refresh(): void;
}

const hiddenText = 'Note text is hidden. Run "Notespace: Show Note Text" to see it.\n';
/** Enough for every open tab; notes are not kept in memory for long. */
const mostCached = 40;

export function createNoteDocuments(lookup: LookupClient, corpora: Corpora): NoteDocuments {
  const changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  const cache = new Map<string, { readonly uri: vscode.Uri; readonly bytes: Uint8Array }>();
  let version = Date.now();

  async function read(uri: vscode.Uri): Promise<Uint8Array> {
    if (readSettings().hideNoteText) return new TextEncoder().encode(hiddenText);
    const known = cache.get(uri.toString());
    if (known !== undefined) return known.bytes;
    await corpora.whenLoaded();
    const note = noteOf(uri, corpora);
    if (note === null || note.key === null) throw vscode.FileSystemError.FileNotFound();
    const { store } = note.corpus;
    try {
      const { text } = await lookup.request('note/read', { store, note: { key: note.key } });
      const bytes = new TextEncoder().encode(text);
      cache.set(uri.toString(), { uri, bytes });
      for (const oldest of [...cache.keys()].slice(0, -mostCached)) cache.delete(oldest);
      return bytes;
    } catch (error) {
      throw error instanceof UserError ? vscode.FileSystemError.Unavailable(error.message) : error;
    }
  }

  const refuse = (): never => {
    throw vscode.FileSystemError.NoPermissions('Rows of a corpus are read-only.');
  };
  return {
    onDidChangeFile: changed.event,
    async stat(uri) {
      const { length } = await read(uri);
      return {
        type: vscode.FileType.File,
        permissions: vscode.FilePermission.Readonly,
        ctime: 0,
        mtime: version,
        size: length,
      };
    },
    readFile: read,
    readDirectory: () => [],
    watch: () => new vscode.Disposable(() => undefined),
    createDirectory: refuse,
    writeFile: refuse,
    delete: refuse,
    rename: refuse,
    refresh() {
      version++;
      const uris = vscode.workspace.textDocuments.map(({ uri }) => uri);
      const notes = uris.filter((uri) => typeof noteOf(uri, corpora)?.key === 'string');
      cache.clear();
      changed.fire(notes.map((uri) => ({ type: vscode.FileChangeType.Changed, uri })));
    },
    dispose() {
      changed.dispose();
    },
  };
}
