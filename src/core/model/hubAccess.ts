/** How a hub is asked, and what it answers. Its errors become one sentence. */
import { HubApiError } from '@huggingface/hub';
import { Cancelled, failure, systemCode, UserError } from '../base/errors.js';

export interface Hub {
  /** Without a trailing slash. */
  readonly url: string;
  readonly fetch: typeof fetch;
  readonly signal: AbortSignal;
}

export interface HubFile {
  readonly path: string;
  readonly bytes: number;
  /** `null` for small files, for which a hub has none. */
  readonly sha256: string | null;
}

export interface HubDownload {
  /** `owner/name` */
  readonly name: string;
  /** Commit hash. */
  readonly revision: string;
  readonly files: readonly HubFile[];
}

export interface HubModel extends HubDownload {
  /** In which form the weights come; `conversion`: safetensors, from a pull request. */
  readonly weights: 'safetensors' | 'conversion' | 'pickle';
  /** The pull request, `refs/pr/N`. */
  readonly reference: string | null;
}

/** Sends only the request: no token, no cookie. */
export function accessTo({ url, fetch, signal }: Hub): {
  hubUrl: string;
  fetch: typeof globalThis.fetch;
} {
  return { hubUrl: url, fetch: (input, init) => fetch(input, { ...init, signal }) };
}

/** Turns hub errors into one sentence. */
export async function asking<T>(name: string, hub: Hub, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (hub.signal.aborted) throw new Cancelled();
    if (error instanceof UserError) throw error;
    throw failure(sentenceFor(error, name, new URL(hub.url).host), { cause: error });
  }
}

function sentenceFor(error: unknown, name: string, host: string): string {
  if (!(error instanceof HubApiError)) {
    return systemCode(error) === 'ENOSPC'
      ? 'The disk is full: free some space and import the model again.'
      : `${host} could not be reached, or the connection broke: go online and try again, or import the model from a folder that was copied here.`;
  }
  // A hub answers alike for a missing model and for one that needs an account.
  return [401, 403, 404].includes(error.statusCode)
    ? `${host} has no public model ${name}: check its name, or download it by hand if it needs an account, and import the folder.`
    : `${host} answered with error ${error.statusCode}: try again later, or import the model from a folder.`;
}
