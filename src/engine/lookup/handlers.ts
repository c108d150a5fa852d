/** The handler of each request. Native modules are loaded by the first request that needs them. */
import { openCorpus } from '../../core/corpus/openCorpus.js';
import { tablesToChoose } from '../../core/corpus/folder.js';
import { previewCorpus } from '../../core/corpus/preview.js';
import { summariseCorpus } from '../../core/corpus/summary.js';
import { readNote } from '../../core/index/search.js';
import { readClusterMap, readStoreStatus } from './clusterMap.js';
import { readFields } from './fields.js';
import { createQueries } from './queries.js';
import type { QueryOptions } from './queries.js';
import { findRow } from './rows.js';
import type { LookupHandlers } from './server.js';
import { answerSimilar } from './similar.js';
import { createSnapshots } from './snapshots.js';
import { keepNotes, readStoredNotes } from './storedNotes.js';
import { createStores } from './stores.js';

export type LookupContext = QueryOptions;

export function createHandlers(context: LookupContext): LookupHandlers {
  const stores = createStores();
  const queries = createQueries(context);
  const snapshots = createSnapshots();

  return {
    'corpus/inspect': async ({ corpus }, signal) =>
      summariseCorpus(await openCorpus(corpus, signal, 'panel'), signal),
    'folder/tables': async ({ folder }, signal) => ({
      tables: await tablesToChoose(folder, signal),
    }),
    'corpus/preview': async ({ corpus }, signal) =>
      previewCorpus(await openCorpus(corpus, signal, 'panel'), signal),
    'corpus/target': async (params, signal) => {
      const { summariseTarget } = await import('./target.js');
      return summariseTarget(params, signal);
    },
    'training/estimate': async (params, signal) => {
      const { estimateTraining } = await import('./trainingTime.js');
      return estimateTraining(params, context, signal);
    },
    'store/status': ({ store }) => readStoreStatus(store),
    'store/fields': async ({ store }) => ({
      fields: await readFields(await stores.get(store), snapshots),
    }),
    similar: async ({ store, ...params }, signal) =>
      answerSimilar(await stores.get(store), params, { queries, snapshots, signal }),
    'note/read': async ({ store, note }) => readNote(await stores.get(store), note),
    'notes/read': async ({ store, keys, withText }) => ({
      notes: await readStoredNotes(await stores.get(store), keys, withText),
    }),
    'notes/keep': async ({ store, keys, file }) => ({
      notes: await keepNotes(await stores.get(store), keys, file),
    }),
    'row/find': async ({ store, record }) => findRow(await stores.get(store), record),
    'clusters/read': ({ store }) => readClusterMap(store),
    'hub/model': async ({ hubUrl, name }, signal) => {
      const { inspectHubModel } = await import('../../core/model/hub.js');
      return inspectHubModel(name, { url: hubUrl, fetch, signal });
    },
    'study/plan': async (params, signal) => {
      const { studyPlans } = await import('./studyPlans.js');
      return studyPlans(params, signal);
    },
  };
}
