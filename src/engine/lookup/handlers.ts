/** The handler of each request. Native modules are loaded by the first request that needs them. */
import { openCorpus } from '../../core/corpus/openCorpus.js';
import { previewCorpus } from '../../core/corpus/preview.js';
import { summariseCorpus } from '../../core/corpus/summary.js';
import { readNote, similarDocuments, similarPassages } from '../../core/index/search.js';
import type { SimilarTo } from '../../core/index/search.js';
import type { Store } from '../../core/index/store.js';
import type { SimilarParams } from '../../protocol/lookup.js';
import { readClusterMap, readStoreStatus } from './clusterMap.js';
import { createQueries } from './queries.js';
import type { QueryOptions } from './queries.js';
import { findRow } from './rows.js';
import type { LookupHandlers } from './server.js';
import { createStores } from './stores.js';

export type LookupContext = QueryOptions;

export function createHandlers(context: LookupContext): LookupHandlers {
  const stores = createStores();
  const queries = createQueries(context);

  async function similarTo(
    store: Store,
    { query, k, device }: SimilarParams,
    signal: AbortSignal,
  ): Promise<SimilarTo> {
    if ('id' in query) return { id: query.id, k };
    const { text, as } = query;
    const vector = await queries.embed(store, { text, as }, device, signal);
    return query.excludeId === undefined
      ? { vector, k }
      : { vector, k, excludeId: query.excludeId };
  }

  return {
    'corpus/inspect': async ({ corpus }, signal) =>
      summariseCorpus(await openCorpus(corpus, signal), signal),
    'corpus/preview': async ({ corpus }, signal) =>
      previewCorpus(await openCorpus(corpus, signal), signal),
    'store/status': ({ store }) => readStoreStatus(store),
    similar: async (params, signal) => {
      const store = await stores.get(params.store);
      const query = await similarTo(store, params, signal);
      const search = params.unit === 'document' ? similarDocuments : similarPassages;
      return { results: await search(store, query) };
    },
    'note/read': async ({ store, note }) => readNote(await stores.get(store), note),
    'row/find': async ({ store, record }) => findRow(await stores.get(store), record),
    'clusters/read': ({ store }) => readClusterMap(store),
    'hub/model': async ({ hubUrl, name }, signal) => {
      const { inspectHubModel } = await import('../../core/model/hub.js');
      return inspectHubModel(name, { url: hubUrl, fetch, signal });
    },
  };
}
