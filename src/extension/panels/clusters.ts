/** The map of a corpus: a point for each note, coloured by category. */
import * as vscode from 'vscode';
import * as z from 'zod/mini';
import type { MessageSchemas } from '../../protocol/messages.js';
import type { Disposable } from '../disposable.js';
import { lookupModeNames } from '../../protocol/catalogue/lookup.js';
import { mapActionNames, mapPictureNames } from '../../protocol/catalogue/map.js';
import type { MapAction } from '../../protocol/catalogue/map.js';
import type { ClusterMap } from '../../protocol/map.js';
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
import { exportPoints } from './exportPoints.js';
import { keepPoints } from './keepPoints.js';
import { createMapSaver } from './mapSaver.js';
import { createMapSearch } from './mapSearch.js';
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
  search: z.object({
    type: z.literal('search'),
    text: z.string(),
    mode: z.enum(lookupModeNames),
  }),
  take: z.object({
    type: z.literal('take'),
    action: z.enum(mapActionNames),
    points: z.array(z.int()),
  }),
  save: z.object({ type: z.literal('save') }),
  rendered: z.object({
    type: z.literal('rendered'),
    picture: z.enum(mapPictureNames),
    content: z.instanceof(Uint8Array),
  }),
  action: actionSchema,
};

type Take = (services: Services, drawn: DrawnMap, points: readonly number[]) => Promise<void>;

const take: Readonly<Record<MapAction, Take>> = {
  export: (services, { corpus, map }, points) => exportPoints(services, corpus, map, points),
  keep: (services, { corpus, map }, points) => keepPoints(services, corpus, map, points),
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
        return received(sent);
      },
      async restore() {
        corpus = null;
        await corpora.whenLoaded();
        refresh();
      },
      closed() {
        asked++;
        search.stop();
        drawn = null;
        message = drawing;
      },
    }),
  );
  const search = all.add(createMapSearch(services, (found) => panel.post(found)));
  const saver = createMapSaver((render) => panel.post(render));

  function received(sent: ClustersPanelMessage): unknown {
    switch (sent.type) {
      case 'open':
        openPoint(sent.point);
        return undefined;
      case 'search':
        return drawn === null ? undefined : search.search(drawn, sent.text, sent.mode);
      case 'take':
        return drawn === null ? undefined : take[sent.action](services, drawn, sent.points);
      case 'save':
        return drawn === null ? undefined : saver.ask(drawn.corpus);
      case 'rendered':
        return saver.save(sent.picture, sent.content);
      case 'action':
        runCommand(sent.command, about === null ? undefined : { corpus: about.token });
        return undefined;
    }
  }

  function openPoint(point: number): void {
    const key = drawn?.keyOf(point);
    if (drawn === null || key === undefined) return;
    runCommand(commandIds.openNote, { corpus: drawn.corpus.token, key });
  }

  function post(next: ClustersHostMessage, button: Corpus | null = null): void {
    search.stop();
    if (next.type !== 'points') drawn = null;
    message = next;
    about = button;
    panel.post(next);
  }

  function highlighted(): ClustersHostMessage {
    const point = drawn?.pointOf(openNote) ?? null;
    const neighbours = point === null ? [] : (drawn?.neighboursOf(point) ?? []);
    return { type: 'highlight', point, neighbours };
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
