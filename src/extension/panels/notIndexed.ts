import { commandIds } from '../contributions.js';
import type { Corpus } from '../corpora/corpora.js';

/** What every panel says of a corpus that it cannot look into yet. */
export function notIndexed(corpus: Corpus) {
  return {
    type: 'empty',
    reason: `The corpus ${corpus.name} has no index yet.`,
    action: { label: 'Index Notes', command: commandIds.indexNotes },
  } as const;
}
