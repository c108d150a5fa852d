/** The map of a corpus: a point a note, coloured by category. */
import * as vscode from 'vscode';
import * as z from 'zod/mini';
import type { Disposable } from '../disposable.js';
import type { ClusterMap } from '../../protocol/lookup.js';
import type { ClustersHostMessage, ClustersPanelMessage } from '../../protocol/panels.js';
import { commandIds } from '../contributions.js';
import type { Corpus } from '../corpora.js';
import { disposableList } from '../disposable.js';
import { isSameFile } from '../noteIdentity.js';
import { noteOf, recordName } from '../notes.js';
import type { OpenNote } from '../notes.js';
import { sentenceOf } from '../notices.js';
import type { Services } from '../services.js';
import { readSettings } from '../settings.js';
import type { TableRow } from '../tableRows.js';
import { requireTrust } from '../trust.js';
import { actionSchema, runCommand } from './actions.js';
import { createPanel } from './panel.js';

export interface Clusters extends Disposable {
  /** Opens the map of a corpus; `true` when it has to be made first, by a `project` job. */
  show(corpus: Corpus): Promise<boolean>;
  /** Reads the map again, when it is open. */
  refresh(): void;
  isShowing(corpus: Corpus): boolean;
}

const schema: z.ZodMiniType<Exclude<ClustersPanelMessage, { type: 'ready' }>> = z.union([
  z.object({ type: z.literal('open'), point: z.number() }),
  actionSchema,
]);

export function createClusters(services: Services): Clusters {
  const { corpora, lookup, jobs, rows, extensionUri } = services;
  const all = disposableList();
  let corpus: Corpus | null = null;
  let map: ClusterMap | null = null;
  let message: ClustersHostMessage = drawing;
  let highlighted: number | null = null;

  const panel = all.add(
    createPanel<ClustersHostMessage, Exclude<ClustersPanelMessage, { type: 'ready' }>>({
      name: 'clusters',
      title: 'Clusters',
      extensionUri,
      schema,
      current: () => [message, { type: 'highlight', point: highlighted }],
      receive(sent) {
        if (sent.type === 'action') runCommand(sent.command);
        else openPoint(sent.point);
      },
      restore() {
        corpus = null;
        void corpora.whenLoaded().then(refresh);
      },
      closed() {
        map = null;
        message = drawing;
      },
    }),
  );

  function openPoint(point: number): void {
    const key = map?.keys[point];
    if (corpus === null || key === undefined) return;
    runCommand(commandIds.openNote, { corpus: corpus.token, key });
  }

  function post(next: ClustersHostMessage): void {
    message = next;
    panel.post(next);
  }

  /** Posts what there is to see; `true` when there is no projection of the index as it is now. */
  async function load(shown: Corpus, willDraw: boolean): Promise<boolean> {
    map = null;
    try {
      requireTrust();
      const status = await lookup.request('store/status', { store: shown.store });
      if (corpus?.token !== shown.token) return false;
      if (!status.exists) {
        post(notIndexed(shown));
        return false;
      }
      if (!status.hasProjection) {
        post(willDraw || isBeingDrawn(shown) ? drawing : notDrawn(shown));
        return true;
      }
      map = await lookup.request('clusters/read', { store: shown.store });
      post(toPoints(map, shown, readSettings().hideNoteText));
      void highlight();
      return !status.isProjectionCurrent;
    } catch (error) {
      post({ type: 'error', message: sentenceOf(error) });
    }
    return false;
  }

  function isBeingDrawn({ store }: Corpus): boolean {
    return jobs.running().some(({ spec }) => spec.kind === 'project' && spec.store === store);
  }

  function refresh(): void {
    if (!panel.isOpen()) return;
    corpus = (corpus === null ? null : corpora.byToken(corpus.token)) ?? corpora.active();
    if (corpus === null) post(noCorpus);
    else void load(corpus, false);
  }

  async function highlight(): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    // Looking at the map itself is no reason to forget the open note.
    if (map === null || editor === undefined) return;
    const shown = map;
    const row = rows.active();
    const note = row === null ? noteOf(editor.document.uri, corpora) : await noteOfRow(row);
    // While the index was asked, the cursor or the map may have become another.
    if (shown !== map || row !== rows.active()) return;
    highlighted = pointOf(shown, note);
    panel.post({ type: 'highlight', point: highlighted });
  }

  async function noteOfRow(row: TableRow): Promise<OpenNote | null> {
    if (row.corpus.token !== corpus?.token) return null;
    // Without an answer there is nothing to mark, and the map is as good as before.
    return rows.find(row).then(
      (found) => found?.note ?? null,
      () => null,
    );
  }

  function pointOf(shown: ClusterMap, note: OpenNote | null): number | null {
    if (note === null || note.corpus.token !== corpus?.token) return null;
    const { file, key } = note;
    const point =
      file === null
        ? shown.keys.indexOf(key ?? '')
        : shown.files.findIndex((other) => other !== null && isSameFile(other, file));
    return point === -1 ? null : point;
  }

  all.add(vscode.window.onDidChangeActiveTextEditor(() => void highlight()));
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

const drawing: ClustersHostMessage = {
  type: 'empty',
  reason: 'The map is being drawn: it appears here when it is done.',
  action: null,
};

const noCorpus: ClustersHostMessage = {
  type: 'empty',
  reason: 'There is no corpus to draw.',
  action: { label: 'Add Corpus…', command: commandIds.addCorpus },
};

function notDrawn(corpus: Corpus): ClustersHostMessage {
  return {
    type: 'empty',
    reason: `There is no map of ${corpus.name} yet.`,
    action: { label: 'Draw It', command: commandIds.showClusters },
  };
}

function notIndexed(corpus: Corpus): ClustersHostMessage {
  return {
    type: 'empty',
    reason: `The corpus ${corpus.name} has no index yet.`,
    action: { label: 'Index Notes', command: commandIds.indexNotes },
  };
}

function toPoints(map: ClusterMap, corpus: Corpus, hideText: boolean): ClustersHostMessage {
  const names = map.ids.map((id, at) => {
    const record = { id, key: map.keys[at] ?? '', file: map.files[at] ?? null };
    return hideText ? '' : recordName(record);
  });
  const { x, y, category, categories, warnings } = map;
  return {
    type: 'points',
    corpus: corpus.name,
    x,
    y,
    names,
    category,
    categories,
    warnings,
    hideText,
  };
}
