/** The view beside the editor: the notes most similar to the one that is open, or to a table's row. */
import * as vscode from 'vscode';
import * as z from 'zod/mini';
import type { Disposable } from '../disposable.js';
import { Cancelled, UserError } from '../../core/base/errors.js';
import type { SimilarResult } from '../../protocol/lookup.js';
import type { SimilarNotesHostMessage, SimilarNotesPanelMessage } from '../../protocol/panels.js';
import { commandIds, viewIds } from '../contributions.js';
import type { Corpus } from '../corpora.js';
import { disposableList } from '../disposable.js';
import { activeNote, recordName } from '../notes.js';
import { sentenceOf } from '../notices.js';
import type { Services } from '../services.js';
import { readSettings } from '../settings.js';
import { similarToNote, similarToRow } from '../similarTo.js';
import type { Similar } from '../similarTo.js';
import type { TableRow } from '../tableRows.js';
import { restrictedSentence } from '../trust.js';
import { actionSchema, runCommand } from './actions.js';
import { pageFor, webviewOptions } from './panel.js';
import { openPort } from './port.js';
import type { Port } from './port.js';

export interface SimilarNotes extends Disposable {
  /** Looks again, for the note that is open now. */
  refresh(): void;
  /** Notes similar to a text that the user typed. */
  showSimilarTo(corpus: Corpus, text: string): Promise<void>;
}

const settleMs = 120;

const schema: z.ZodMiniType<Exclude<SimilarNotesPanelMessage, { type: 'ready' }>> = z.union([
  z.object({ type: z.literal('open'), key: z.string() }),
  actionSchema,
]);

export function createSimilarNotes(services: Services): SimilarNotes {
  const { corpora, lookup, rows, extensionUri } = services;
  const all = disposableList();
  let view: vscode.WebviewView | null = null;
  let port: Port<SimilarNotesHostMessage> | null = null;
  let message: SimilarNotesHostMessage = nothingOpen;
  let shownCorpus: Corpus | null = null;
  let timer: NodeJS.Timeout | undefined;
  let search: vscode.CancellationTokenSource | null = null;
  /** The row that was looked up, if it was a row. */
  let followed: TableRow | null = null;

  function post(next: SimilarNotesHostMessage): void {
    message = next;
    port?.post(next);
  }

  /** Runs one search; a newer one makes it fall silent. */
  async function show(
    title: string,
    corpus: Corpus,
    find: (token: vscode.CancellationToken) => Promise<Similar | null>,
  ): Promise<void> {
    search?.cancel();
    const source = (search = new vscode.CancellationTokenSource());
    shownCorpus = corpus;
    const { hideNoteText: hideText } = readSettings();
    post({ type: 'loading', title: hideText ? '' : title });
    try {
      const similar = await find(source.token);
      if (search === source) post(similar === null ? noNote : resultsOf(similar, hideText));
    } catch (error) {
      if (search !== source || error instanceof Cancelled) return;
      if (!(error instanceof UserError)) void services.notices.error(error);
      const isIndexed = await hasIndex(corpus);
      if (search !== source) return;
      post(isIndexed ? { type: 'error', message: sentenceOf(error) } : notIndexed(corpus));
    }
  }

  async function hasIndex({ store }: Corpus): Promise<boolean> {
    // When even that cannot be known, the first error says more.
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
      post(tooLarge);
    } else if (corpora.active() === null) {
      post(noCorpus);
    } else if (message.type !== 'results' && message.type !== 'loading') {
      // What was found for the last note stays while the user looks at something else.
      post(table === null ? nothingOpen : noRow);
    }
  }

  function refresh(): void {
    clearTimeout(timer);
    timer = setTimeout(follow, settleMs);
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
        const opened = openPort(resolved.webview, {
          name: 'similarNotes',
          schema,
          current: () => [message],
          receive(sent) {
            if (sent.type === 'action') runCommand(sent.command);
            else if (shownCorpus !== null) {
              runCommand(commandIds.openNote, { corpus: shownCorpus.token, key: sent.key });
            }
          },
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
    async showSimilarTo(corpus, text) {
      const { similarNotesCount: k, device } = readSettings(corpus.workspaceFolder.uri);
      followed = null;
      await show('What you typed', corpus, async (token) => {
        const params = {
          store: corpus.store,
          query: { text },
          k,
          unit: 'passage',
          device,
        } as const;
        const { results } = await lookup.request('similar', params, token);
        return { title: 'What you typed', results };
      });
    },
    dispose() {
      clearTimeout(timer);
      search?.cancel();
      all.dispose();
    },
  };
}

const nothingOpen: SimilarNotesHostMessage = {
  type: 'empty',
  reason: 'Open a note of your corpus to see the notes most similar to it.',
  action: { label: 'Open Note…', command: commandIds.openNote },
};

const noRow: SimilarNotesHostMessage = {
  type: 'empty',
  reason: 'Put the cursor in a row of the table to see the notes most similar to it.',
  action: null,
};

const noNote: SimilarNotesHostMessage = {
  type: 'empty',
  reason: 'This row has no text of a note.',
  action: null,
};

const tooLarge: SimilarNotesHostMessage = {
  type: 'empty',
  reason: 'This table is too large for its rows to be followed: open a note of it by its id.',
  action: { label: 'Open Note…', command: commandIds.openNote },
};

const noCorpus: SimilarNotesHostMessage = {
  type: 'empty',
  reason: 'Notespace looks at no text before you name a corpus of notes.',
  action: { label: 'Add Corpus…', command: commandIds.addCorpus },
};

function notIndexed(corpus: Corpus): SimilarNotesHostMessage {
  return {
    type: 'empty',
    reason: `The corpus ${corpus.name} has no index yet.`,
    action: { label: 'Index Notes', command: commandIds.indexNotes },
  };
}

function resultsOf({ title, results }: Similar, hideText: boolean): SimilarNotesHostMessage {
  const items = results.map((result) => toItem(result, hideText));
  return { type: 'results', title: hideText ? '' : title, items, hideText };
}

/** Hidden text does not even travel to the view. */
function toItem(
  result: SimilarResult,
  hideText: boolean,
): (SimilarNotesHostMessage & { type: 'results' })['items'][number] {
  const { key, similarity, category, snippet } = result;
  return {
    key,
    similarity,
    category,
    title: hideText ? '' : recordName(result),
    snippet: hideText ? '' : snippet,
  };
}
