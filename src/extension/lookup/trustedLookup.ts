/** The window's lookup client. Requires workspace trust, and is loaded on first use. */
import type { LookupClient, LookupOptions } from './lookupClient.js';
import { requireTrust } from '../trust.js';

export function createTrustedLookup(options: LookupOptions): LookupClient {
  let client: LookupClient | null = null;
  let isDisposed = false;
  return {
    async request(method, params, token) {
      requireTrust();
      // JSON-RPC takes longer to load than all the rest of activation.
      const { createLookupClient } = await import('./lookupClient.js');
      client ??= createLookupClient(options);
      if (isDisposed) client.dispose();
      return client.request(method, params, token);
    },
    processId: () => client?.processId() ?? null,
    forgive: () => client?.forgive(),
    renew: () => client?.renew(),
    dispose() {
      isDisposed = true;
      client?.dispose();
    },
  };
}
