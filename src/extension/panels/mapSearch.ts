/** Finds the notes that a map lights up, as Similar Notes finds them. */
import * as vscode from 'vscode';
import { Cancelled } from '../../core/base/errors.js';
import type { LookupMode } from '../../protocol/catalogue/lookup.js';
import type { ClustersHostMessage } from '../../protocol/panels.js';
import type { Disposable } from '../disposable.js';
import { sentenceOf } from '../notices.js';
import type { Services } from '../services.js';
import { readSettings } from '../settings.js';
import { foundText } from './clustersMessages.js';
import type { DrawnMap } from './drawnMap.js';

export interface MapSearch extends Disposable {
  /** A newer search supersedes it; an empty text only stops the last one. */
  search(drawn: DrawnMap, text: string, mode: LookupMode): Promise<void>;
  stop(): void;
}

/** A tenth of the notes, so that some stay dark: at least five, and no more than can be looked through. */
const mostFound = (notes: number): number => Math.min(100, Math.max(5, Math.ceil(notes / 10)));

export function createMapSearch(
  { lookup }: Pick<Services, 'lookup'>,
  post: (message: ClustersHostMessage) => void,
): MapSearch {
  let running: vscode.CancellationTokenSource | null = null;

  function stop(): void {
    running?.cancel();
    running = null;
  }

  return {
    stop,
    dispose: stop,
    async search(drawn, text, mode) {
      const { corpus, map } = drawn;
      stop();
      if (text === '') return;
      const source = (running = new vscode.CancellationTokenSource());
      const k = mostFound(map.count);
      const { device } = readSettings(corpus.workspaceFolder.uri);
      const found = (points: readonly number[], sentence: string): void => {
        if (running === source) post({ type: 'found', text, mode, points, sentence });
      };
      try {
        const { results } = await lookup.request(
          'similar',
          // On a map every copy is a point of its own.
          {
            ...{ store: corpus.store, query: { text, as: 'query' }, k, mode, device },
            ...{ foldCopies: false, excludeGroup: false },
          },
          source.token,
        );
        const points = results.flatMap(({ key }) => drawn.pointOfKey(key) ?? []);
        found(points, foundText(points.length, k, map.count));
      } catch (error) {
        if (!(error instanceof Cancelled)) found([], sentenceOf(error));
      }
    },
  };
}
