/** The map of a corpus: a point for each note, coloured by category. */
import * as vscode from 'vscode';
import * as z from 'zod/mini';
import type { MessageSchemas } from '../../protocol/messages.js';
import type { Disposable } from '../disposable.js';
import type { ClusterMap } from '../../protocol/lookup.js';
import type { ClustersHostMessage, ClustersPanelMessage } from '../../protocol/panels.js';
import { commandIds } from '../contributions.js';
import type { Corpus } from '../corpora/corpora.js';
import { disposableList } from '../disposable.js';
import { noteOf } from '../notes/notes.js';
import type { OpenNote } from '../notes/notes.js';
import { sentenceOf } from '../notices.js';
import type { Services } from '../services.js';
import type { TableRow } from '../notes/tableRows.js';
import { requireTrust } from '../trust.js';
import { actionSchema, runCommand } from './actions.js';
import { drawing, noCorpus, notDrawn, pointsOf, withoutText } from './clustersMessages.js';
import { notIndexed } from './notIndexed.js';
import { createDrawnMap } from './drawnMap.js';
import type { DrawnMap } from './drawnMap.js';
import { createPanel } from './panel.js';

export interface Clusters extends Disposable {
  /** Opens the map of a corpus; `true` if a `project` job must draw it first, or redraw it. */
  show(corpus: Corpus): Promise<boolean>;
  /** Reloads the map if the panel is open. */
  refresh(): void;
  isShowing(corpus: Corpus): boolean;
}

const schemas: MessageSchemas<ClustersPanelMessage> = {
  open: z.object({ type: z.literal('open'), point: z.number() }),
  action: actionSchema,
};

export function createClusters(services: Services): Clusters {
  const { corpora, lookup, jobs, rows } = services;
  const all = disposableList();
  let corpus: Corpus | null = null;
  /** The map on the screen, or `null`. */
  let drawn: DrawnMap | null = null;
  let message: ClustersHostMessage = drawing;
  /** The corpus that the message's button refers to, if any. */
  let about: Corpus | null = null;
  /** The last open note; kept while the map itself has the focus. */
  let openNote: OpenNote | null = null;
  /** Request counter: the answer to an earlier request is dropped. */
  let asked = 0;

  const panel = all.add(
    createPanel<ClustersHostMessage, ClustersPanelMessage>(services, {
      name: 'clusters',
      title: 'Clusters',
      schemas,
      withoutText,
      current: () => [message, highlighted()],
      receive(sent) {
        if (sent.type === 'open') openPoint(sent.point);
        else runCommand(sent.command, about === null ? undefined : { corpus: about.token });
      },
      async restore() {
        corpus = null;
        await corpora.whenLoaded();
        refresh();
      },
      closed() {
        asked++;
        drawn = null;
        message = drawing;
      },
    }),
  );

  function openPoint(point: number): void {
    const key = drawn?.keyOf(point);
    if (drawn === null || key === undefined) return;
    runCommand(commandIds.openNote, { corpus: drawn.corpus.token, key });
  }

  function post(next: ClustersHostMessage, button: Corpus | null = null): void {
    if (next.type !== 'points') drawn = null;
    message = next;
    about = button;
    panel.post(next);
  }

  function highlighted(): ClustersHostMessage {
    return { type: 'highlight', point: drawn?.pointOf(openNote) ?? null };
  }

  /** Posts the current content; `true` if the projection is missing or out of date. */
  async function load(shown: Corpus, willDraw: boolean): Promise<boolean> {
    const mine = ++asked;
    let isMissing = false;
    try {
      requireTrust();
      const status = await lookup.request('store/status', { store: shown.store });
      if (corpus?.token !== shown.token) return false;
      isMissing = status.exists && !(status.hasProjection && status.isProjectionCurrent);
      if (mine !== asked) return isMissing;
      if (!status.exists) {
        post(notIndexed(shown), shown);
      } else if (!status.hasProjection) {
        if (willDraw || isBeingDrawn(shown)) post(drawing);
        else post(notDrawn(shown), shown);
      } else {
        const map = await lookup.request('clusters/read', { store: shown.store });
        if (mine === asked) draw(map, shown);
      }
    } catch (error) {
      if (mine === asked) post({ type: 'error', message: sentenceOf(error) });
      return false;
    }
    return isMissing;
  }

  function draw(map: ClusterMap, shown: Corpus): void {
    drawn = createDrawnMap(map, shown);
    post(pointsOf(map, shown));
    panel.post(highlighted());
    void highlight();
  }

  function isBeingDrawn({ store }: Corpus): boolean {
    return jobs.running().some(({ spec }) => spec.kind === 'project' && spec.store === store);
  }

  function refresh(): void {
    if (!panel.isOpen()) return;
    corpus = (corpus === null ? null : corpora.byToken(corpus.token)) ?? corpora.active();
    if (corpus !== null) {
      void load(corpus, false);
      return;
    }
    asked++;
    post(noCorpus);
  }

  /** A corpus was added or removed, which may change whether the map can be drawn. */
  function refreshIfStuck(): void {
    const isStuck = drawn === null && message !== drawing;
    // Gone, or another index answers.
    const isGone =
      drawn !== null && corpora.byToken(drawn.corpus.token)?.store !== drawn.corpus.store;
    if (isStuck || isGone) refresh();
  }

  async function highlight(): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    if (editor === undefined) return;
    const shown = drawn;
    const row = rows.active();
    const note = row === null ? noteOf(editor.document.uri, corpora) : await noteOfRow(row);
    // The cursor or the map may have changed while the lookup ran.
    if (shown !== drawn || row !== rows.active()) return;
    openNote = note;
    if (drawn !== null) panel.post(highlighted());
  }

  async function noteOfRow(row: TableRow): Promise<OpenNote | null> {
    // Without a map there is nowhere to show the result.
    if (drawn === null || row.corpus.token !== corpus?.token) return null;
    // A failed lookup only means that no point is marked.
    return rows.find(row).then(
      (found) => found?.note ?? null,
      () => null,
    );
  }

  all.add(vscode.window.onDidChangeActiveTextEditor(() => void highlight()));
  all.add(vscode.workspace.onDidGrantWorkspaceTrust(refresh));
  all.add(corpora.onDidChange(refreshIfStuck));
  all.add(rows.onDidMove(() => void highlight()));
  return {
    async show(shown) {
      corpus = shown;
      panel.show();
      return load(shown, true);
    },
    refresh,
    isShowing: ({ token }) => panel.isOpen() && corpus?.token === token,
    dispose: () => all.dispose(),
  };
}
