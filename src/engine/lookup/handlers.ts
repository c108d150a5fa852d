/** What each request does. Native modules are loaded by the first request that needs them. */
import { failure } from '../../core/base/errors.js';
import { openCorpus } from '../../core/corpus/openCorpus.js';
import { summariseCorpus } from '../../core/corpus/summary.js';
import type { LookupHandlers } from './server.js';

export interface LookupContext {
  readonly cacheFolder: string;
  readonly threads: number;
}

export function createHandlers(_context: LookupContext): LookupHandlers {
  const unavailable = (): Promise<never> => {
    throw failure('This lookup is not available yet.');
  };
  return {
    'corpus/inspect': async ({ corpus }, signal) =>
      summariseCorpus(await openCorpus(corpus, signal), signal),
    'store/status': unavailable,
    similar: unavailable,
    'note/read': unavailable,
    'clusters/read': unavailable,
  };
}
