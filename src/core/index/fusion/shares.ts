/** What the semantic side of a hybrid search counts in an index, fitted when it is made. */
import type { Embedder } from '../../embed/embedder.js';
import type { Tables } from '../tables.js';
import { fitNotes } from './fitNotes.js';
import type { NotesShare } from './fitNotes.js';
import { fitTyped } from './fitTyped.js';
import type { TypedShare } from './fitTyped.js';
import { defaultShare, sampleNotes } from './sample.js';

export interface FusionShares {
  readonly notes: NotesShare;
  readonly typed: TypedShare;
  /** In the index when they were fitted. */
  readonly documents: number;
}

/** Of an index that has not fitted any. */
export const defaultShares: FusionShares = {
  notes: { share: defaultShare, by: null },
  typed: { share: defaultShare, queries: 0 },
  documents: 0,
};

/** @param before fitted earlier, which stand while the corpus has not grown or shrunk by a tenth */
export async function fittedShares(
  tables: Tables,
  embedder: Embedder,
  before: FusionShares | undefined,
  signal: AbortSignal | undefined,
): Promise<FusionShares> {
  const { documents } = await tables.counts();
  if (before !== undefined && Math.abs(documents - before.documents) <= before.documents / 10) {
    return before;
  }
  const notes = await sampleNotes(tables);
  return {
    notes: fitNotes(notes),
    typed: await fitTyped(tables, embedder, notes, signal),
    documents,
  };
}

export function isFusionShares(json: unknown): json is FusionShares {
  const { notes, typed, documents } = Object(json) as Record<string, unknown>;
  return isShare(notes) && isShare(typed) && typeof documents === 'number';
}

function isShare(json: unknown): boolean {
  const { share } = Object(json) as Record<string, unknown>;
  return typeof share === 'number' && share >= 0 && share <= 1;
}
