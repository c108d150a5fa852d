/** Looks up similar notes: one answer for the editor and the command line. */
import { throwIfAborted, usageError } from '../../core/base/errors.js';
import { count } from '../../core/base/wording.js';
import { findNotes } from '../../core/index/findNotes.js';
import type { FindQuery } from '../../core/index/findNotes.js';
import { percentileOf } from '../../core/index/rankNotes.js';
import { similarDocuments, similarPassages } from '../../core/index/search.js';
import type { SimilarHit } from '../../core/index/search.js';
import type { Store } from '../../core/index/store.js';
import type { GivenPrompts } from '../../core/model/prompts.js';
import type { SimilarParams, SimilarResponse, SimilarResult } from '../../protocol/lookup.js';
import type { Queries } from './queries.js';
import type { Snapshots } from './snapshots.js';

export interface SimilarContext {
  readonly queries: Queries;
  readonly snapshots: Snapshots;
  /** Instead of those that the store remembers, where the model's folder has none. */
  readonly prompts?: GivenPrompts | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Overrides how many notes are held in memory. */
  readonly mostInMemory?: number;
}

export async function answerSimilar(
  store: Store,
  params: Omit<SimilarParams, 'store'>,
  context: SimilarContext,
): Promise<SimilarResponse> {
  const { snapshots, mostInMemory = Infinity, signal } = context;
  const { documents, isHeld } = await snapshots.size(store);
  if (!isHeld || documents > mostInMemory) {
    return answerFromTables(store, params, context, documents);
  }
  const query = await embedded(store, params, context);
  throwIfAborted(signal);
  const snapshot = await snapshots.get(store);
  const { results, searched } = await findNotes(store, snapshot, query, params, signal);
  return { results, searched, remark: null };
}

async function embedded(
  store: Store,
  { query, device }: Omit<SimilarParams, 'store'>,
  { queries, prompts, signal }: SimilarContext,
): Promise<FindQuery> {
  if ('id' in query) return { id: query.id };
  const { text, as, excludeId, excludeKey } = query;
  const asked = { text, as, ...(prompts === undefined ? {} : { prompts }) };
  const { vector, passages } = await queries.embed(store, asked, device, signal);
  return { text, as, vector, passages, ofId: excludeId, ofKey: excludeKey };
}

async function answerFromTables(
  store: Store,
  params: Omit<SimilarParams, 'store'>,
  context: SimilarContext,
  documents: number,
): Promise<SimilarResponse> {
  const { k, mode, where } = params;
  if (mode === 'keyword' || where !== undefined) {
    throw usageError(
      `This index has ${count(documents)} notes, more than are searched by words or filtered: leave out the filter and the mode.`,
    );
  }
  const query = await embedded(store, params, context);
  const asked =
    'id' in query
      ? { id: query.id, k }
      : { vector: query.vector, k, ...(query.ofId === undefined ? {} : { excludeId: query.ofId }) };
  const byPassage = !('id' in query) && query.as === 'query';
  const hits = await (byPassage ? similarPassages : similarDocuments)(store, asked);
  const isLeftOut = 'id' in query || query.ofId !== undefined;
  return {
    results: hits.map((hit) => fromHit(hit, documents - (isLeftOut ? 1 : 0))),
    searched: documents,
    remark: `This index has ${count(documents)} notes, so they were found by meaning alone, with nobody left out.`,
  };
}

/** @param others notes that may be found */
function fromHit(hit: SimilarHit, others: number): SimilarResult {
  return {
    ...hit,
    percentile: percentileOf(others - hit.rank, others),
    nearness: null,
    semanticRank: hit.rank,
    keywordRank: null,
    assertion: null,
    copies: { count: 0, ids: [] },
    ...{ date: null, fields: {} },
    why: null,
  };
}
