import type { RunState } from '../../protocol/run.js';
import { commandIds } from '../contributions.js';
import type { Corpus } from '../corpora/corpora.js';
import type { Job } from '../runs/jobs.js';
import { progressText } from '../wording.js';

/** Message of every panel for a corpus without an index. */
export function notIndexed(corpus: Corpus) {
  return {
    type: 'empty',
    reason: `The corpus ${corpus.name} has no index yet.`,
    action: { label: 'Index Notes', command: commandIds.indexNotes },
  } as const;
}

export function isIndexed({ indexes }: Corpus): boolean {
  return indexes.some(({ isReady }) => isReady);
}

/** While its first index is built, how far that is. */
export function beforeIndex(corpus: Corpus, running: readonly Job[]) {
  const job = running.find(({ spec }) => spec.kind === 'index' && spec.store === corpus.store);
  if (job === undefined) return notIndexed(corpus);
  return {
    type: 'empty',
    reason: `Indexing ${corpus.name}. ${progressText(job.state)}${timeLeft(job.state)}`,
    action: { label: 'Cancel', command: commandIds.cancelJob },
  } as const;
}

/** ", about 2 min left"; empty while too little is done to tell. */
function timeLeft({ progress, startedAt, updatedAt }: RunState): string {
  if (progress === null || progress.total === null || progress.done < progress.total / 50)
    return '';
  const took = updatedAt - startedAt;
  const seconds = (took / progress.done / 1000) * (progress.total - progress.done);
  if (seconds < 5) return ', almost done';
  return seconds < 90
    ? `, about ${Math.ceil(seconds / 5) * 5} s left`
    : `, about ${Math.round(seconds / 60)} min left`;
}
