/** The Similar Notes view: the notes most similar to the open note or table row. */
import * as vscode from 'vscode';
import * as z from 'zod/mini';
import type { MessageSchemas } from '../../protocol/messages.js';
import type { Disposable } from '../disposable.js';
import { Cancelled, UserError } from '../../core/base/errors.js';
import type { SimilarNotesHostMessage, SimilarNotesPanelMessage } from '../../protocol/panels.js';
import { commandIds, viewIds } from '../contributions.js';
import type { Corpus } from '../corpora/corpora.js';
import { disposableList } from '../disposable.js';
import { activeNote } from '../notes/notes.js';
import { sentenceOf } from '../notices.js';
import type { Services } from '../services.js';
import { readSettings } from '../settings.js';
import { similarToNote, similarToRow } from '../lookup/similarTo.js';
import type { Similar } from '../lookup/similarTo.js';
import type { TableRow } from '../notes/tableRows.js';
import { restrictedSentence } from '../trust.js';
import { actionSchema, runCommand } from './actions.js';
import { pageFor, webviewOptions } from './panel.js';
import { openPort } from './port.js';
import type { Port } from './port.js';
import {
  noCorpus,
  noNote,
  noRow,
  nothingOpen,
  resultsOf,
  tooLarge,
  withoutText,
} from './similarNotesMessages.js';
import { notIndexed } from './notIndexed.js';

export interface SimilarNotes extends Disposable {
  /** Searches again for the note that is open now; keeps results for typed text. */
  refresh(): void;
  /** Follows the open note again and drops any typed text. */
  followNote(): void;
  /** Shows notes similar to a text that the user typed. */
  showSimilarTo(corpus: Corpus, text: string): Promise<void>;
}

const settleMs = 120;

const schemas: MessageSchemas<SimilarNotesPanelMessage> = {
  open: z.object({ type: z.literal('open'), key: z.string() }),
  dismiss: z.object({ type: z.literal('dismiss') }),
  action: actionSchema,
};

export function createSimilarNotes(services: Services): SimilarNotes {
  const { corpora, lookup, rows, extensionUri } = services;
  const all = disposableList();
  let view: vscode.WebviewView | null = null;
  let port: Port<SimilarNotesHostMessage> | null = null;
  let message: SimilarNotesHostMessage = nothingOpen;
  /** The corpus that the message's button refers to, if any. */
  let about: Corpus | null = null;
  /** The corpus of the listed notes, kept while the next search runs. */
  let listed: Corpus | null = null;
  let timer: NodeJS.Timeout | undefined;
  let search: vscode.CancellationTokenSource | null = null;
  /** The row that was last searched for, if it was a row. */
  let followed: TableRow | null = null;
  /** Results are for typed text: opening a note must not replace them. */
  let isTyped = false;

  function post(next: SimilarNotesHostMessage, corpus: Corpus | null = null): void {
    message = next;
    about = corpus;
    port?.post(next);
  }

  /** Runs one search; a newer search supersedes it. */
  async function show(
    title: string,
    corpus: Corpus,
    find: (token: vscode.CancellationToken) => Promise<Similar | null>,
  ): Promise<void> {
    search?.cancel();
    const source = (search = new vscode.CancellationTokenSource());
    post({ type: 'loading', title });
    try {
      const similar = await find(source.token);
      if (search !== source) return;
      listed = similar === null ? null : corpus;
      post(similar === null ? noNote : resultsOf(similar, isTyped));
      if (similar?.results.length === 0) isTyped = false;
    } catch (error) {
      if (search !== source || error instanceof Cancelled) return;
      isTyped = false;
      if (!(error instanceof UserError)) void services.notices.error(error);
      const isIndexed = await hasIndex(corpus);
      if (search !== source) return;
      if (isIndexed) post({ type: 'error', message: sentenceOf(error) });
      else post(notIndexed(corpus), corpus);
    }
  }

  async function hasIndex({ store }: Corpus): Promise<boolean> {
    // If this lookup fails too, report the first error.
    return lookup.request('store/status', { store }).then(
      ({ exists }) => exists,
      () => true,
    );
  }

  function follow(): void {
    if (view?.visible !== true) return;
    if (!vscode.workspace.isTrusted) {
      post({ type: 'empty', reason: restrictedSentence, action: null });
      return;
    }
    if (isTyped) return;
    const note = activeNote(corpora);
    const row = (followed = note === null ? rows.active() : null);
    const table = row === null ? rows.activeTable() : null;
    if (note !== null) {
      void show(note.title, note.corpus, (token) => similarToNote(services, note, token));
    } else if (row !== null) {
      void show(`row ${row.record.line}`, row.corpus, (token) =>
        similarToRow(services, row, token),
      );
    } else if (table?.isTooLarge === true) {
      search?.cancel();
      search = null;
      post(tooLarge, table.corpus);
    } else if (corpora.active() === null) {
      post(noCorpus);
    } else if (message.type !== 'results' && message.type !== 'loading') {
      // Keeps the last note's results while the user looks at something else.
      post(table === null ? nothingOpen : noRow);
    }
  }

  function refresh(): void {
    clearTimeout(timer);
    timer = setTimeout(follow, settleMs);
  }

  function followNote(): void {
    isTyped = false;
    refresh();
  }

  function receive(sent: SimilarNotesPanelMessage): void {
    switch (sent.type) {
      case 'open':
        if (listed === null) return;
        runCommand(commandIds.openNote, { corpus: listed.token, key: sent.key });
        return;
      case 'dismiss':
        // If no note is open, nothing else would replace the results.
        post(nothingOpen);
        followNote();
        return;
      case 'action':
        runCommand(sent.command, about === null ? undefined : { corpus: about.token });
    }
  }

  all.add(vscode.window.onDidChangeActiveTextEditor(refresh));
  all.add(vscode.workspace.onDidGrantWorkspaceTrust(refresh));
  all.add(corpora.onDidChange(refresh));
  all.add(
    rows.onDidMove(() => {
      if (rows.active() !== followed) follow();
    }),
  );
  all.add(
    vscode.window.registerWebviewViewProvider(viewIds.similarNotes, {
      resolveWebviewView(resolved) {
        view = resolved;
        resolved.webview.options = webviewOptions(extensionUri);
        const opened = openPort(resolved.webview, services.notices, {
          name: 'similarNotes',
          schemas,
          withoutText,
          current: () => [message],
          receive,
        });
        port = opened;
        resolved.webview.html = pageFor(
          resolved.webview,
          extensionUri,
          'similarNotes',
          'Similar Notes',
        );
        const visibility = resolved.onDidChangeVisibility(refresh);
        resolved.onDidDispose(() => {
          visibility.dispose();
          opened.dispose();
          view = null;
          port = null;
        });
        refresh();
      },
    }),
  );
  return {
    refresh,
    followNote,
    async showSimilarTo(corpus, text) {
      const { similarNotesCount: k, device } = readSettings(corpus.workspaceFolder.uri);
      clearTimeout(timer);
      followed = null;
      isTyped = true;
      await show('What you typed', corpus, async (token) => {
        const params = {
          store: corpus.store,
          query: { text, as: 'query' },
          k,
          device,
          explain: true,
        } as const;
        const { results, remark } = await lookup.request('similar', params, token);
        return { title: 'What you typed', results, remark };
      });
    },
    dispose() {
      clearTimeout(timer);
      search?.cancel();
      all.dispose();
    },
  };
}
