/** How models perform on held-out notes. */
import type { Disposable } from '../disposable.js';
import type { EvaluationHostMessage, EvaluationPanelMessage } from '../../protocol/panels.js';
import { protocolEntries } from '../../protocol/catalogue/evaluation.js';
import type { Figures } from '../../protocol/catalogue/evaluation.js';
import { defaultProtocol } from '../../protocol/catalogue/protocols.js';
import type { ProtocolName } from '../../protocol/catalogue/protocols.js';
import type { EvaluateResult, EvaluateRow } from '../../protocol/run.js';
import { listAllRuns } from '../../engine/runs.js';
import type { Services } from '../services.js';
import { modelName } from '../wording.js';
import { createPanel } from './panel.js';

export interface Evaluation extends Disposable {
  show(result: EvaluateResult, corpus: string): void;
}

export function createEvaluation(services: Services): Evaluation {
  const { corpora, notices, places } = services;
  let message: EvaluationHostMessage | null = null;
  const panel = createPanel<EvaluationHostMessage, EvaluationPanelMessage>(services, {
    name: 'evaluation',
    title: 'Evaluation',
    schemas: {},
    current: () => (message === null ? [] : [message]),
    receive: () => undefined,
    restore,
  });

  function post(result: EvaluateResult, corpus: string): void {
    const protocol = result.results[0]?.protocol ?? defaultProtocol;
    message = {
      type: 'figures',
      corpus,
      protocol,
      rows: result.results.map((row) => ({
        model: modelName(row.model, places.bundledModel),
        shots: row.shots ?? null,
        figures: figuresOf(row, protocol),
      })),
      verdict: result.verdict,
    };
    panel.post(message);
  }

  /** What was shown before is not stored: shows the newest evaluation. */
  async function restore(): Promise<void> {
    try {
      await corpora.whenLoaded();
      const runs = (await Promise.all((await corpora.runFolders()).map(listAllRuns))).flat();
      const newest = runs
        .sort((a, b) => b.state.startedAt - a.state.startedAt)
        .find(({ state }) => state.result?.kind === 'evaluate');
      if (newest?.state.result?.kind === 'evaluate') {
        post(newest.state.result, corpora.nameOf(newest));
        return;
      }
    } catch (error) {
      void notices.error(error);
    }
    message = nothingLeft;
    panel.post(message);
  }

  return {
    show(result, corpus) {
      post(result, corpus);
      panel.show();
    },
    dispose() {
      panel.dispose();
    },
  };
}

const nothingLeft: EvaluationHostMessage = {
  type: 'empty',
  reason: 'There is no evaluation any more: run "Notespace: Evaluate…" to make one.',
};

function figuresOf(row: EvaluateRow, protocol: ProtocolName): Figures {
  const { figures } = protocolEntries[protocol];
  return Object.fromEntries(figures.map((name) => [name, row[name]]));
}
