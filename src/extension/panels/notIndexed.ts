import { commandIds } from '../contributions.js';
import type { Corpus } from '../corpora/corpora.js';

/** Message of every panel for a corpus without an index. */
export function notIndexed(corpus: Corpus) {
  return {
    type: 'empty',
    reason: `The corpus ${corpus.name} has no index yet.`,
    action: { label: 'Index Notes', command: commandIds.indexNotes },
  } as const;
}
