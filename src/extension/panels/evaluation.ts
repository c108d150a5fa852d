/** What models make of held-out notes: masked-token loss and perplexity, before and after. */
import { join } from 'node:path';
import * as z from 'zod/mini';
import type { Disposable } from '../disposable.js';
import { listRuns, readJob, readState } from '../../engine/runFolder.js';
import type { EvaluationHostMessage } from '../../protocol/panels.js';
import type { EvaluateResult } from '../../protocol/run.js';
import type { Services } from '../services.js';
import { modelName } from '../wording.js';
import { createPanel } from './panel.js';

export interface Evaluation extends Disposable {
  show(result: EvaluateResult, corpus: string): void;
}

export function createEvaluation({ corpora, notices, places, extensionUri }: Services): Evaluation {
  let message: EvaluationHostMessage | null = null;
  const panel = createPanel<EvaluationHostMessage, never>({
    name: 'evaluation',
    title: 'Evaluation',
    extensionUri,
    schema: z.never(),
    current: () => (message === null ? [] : [message]),
    receive: () => undefined,
    restore: () => void restore().catch((error: unknown) => notices.error(error)),
    closed: () => undefined,
  });

  function post(result: EvaluateResult, corpus: string): void {
    message = {
      type: 'mlm',
      corpus,
      rows: result.results.map(({ model, loss, perplexity, accuracy }) => ({
        model: modelName(model, places.bundledModel),
        loss,
        perplexity,
        accuracy,
      })),
      verdict: result.verdict,
    };
    panel.post(message);
  }

  /** Nothing but the run folders knows what was shown: the newest evaluation is the likeliest. */
  async function restore(): Promise<void> {
    await corpora.whenLoaded();
    for (const runs of await corpora.runFolders()) {
      for (const name of (await listRuns(runs)).reverse()) {
        const state = await readState(join(runs, name)).catch(() => null);
        if (state?.result?.kind !== 'evaluate') continue;
        const spec = await readJob(join(runs, name));
        if (spec.kind === 'evaluate') post(state.result, corpora.nameOf(spec));
        return;
      }
    }
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
