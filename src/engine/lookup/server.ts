/** Answers the requests of `protocol/lookup.ts`: each one settles, with a result or a one-sentence error. */
import { ErrorCodes, ResponseError } from 'vscode-jsonrpc/node';
import type { CancellationToken, MessageConnection } from 'vscode-jsonrpc/node';

import { Cancelled, UserError } from '../../core/base/errors.js';
import type { LookupMethod, LookupRequests } from '../../protocol/lookup.js';
import { rpcErrorCodes } from '../../protocol/rpc.js';
import { describeError } from '../runOwner.js';
import { traceOf } from '../trace.js';

export type LookupHandlers = {
  readonly [Method in LookupMethod]: (
    params: LookupRequests[Method]['params'],
    signal: AbortSignal,
  ) => Promise<LookupRequests[Method]['result']>;
};

export interface LookupServerOptions {
  readonly connection: MessageConnection;
  readonly handlers: LookupHandlers;
  /** Receives the stack trace of a bug; never note text. */
  readonly log: (line: string) => void;
  readonly idleExitMs: number;
  readonly onIdle: () => void;
}

export function serveLookups(options: LookupServerOptions): void {
  const { connection, handlers, log, idleExitMs, onIdle } = options;
  let pending = 0;
  let idle = setTimeout(onIdle, idleExitMs);

  function serve(method: string, handle: (params: never, signal: AbortSignal) => unknown): void {
    connection.onRequest(method, async (params: never, token: CancellationToken) => {
      clearTimeout(idle);
      pending++;
      try {
        return await handle(params, signalOf(token));
      } catch (error) {
        return errorResponse(error, log);
      } finally {
        pending--;
        if (pending === 0) idle = setTimeout(onIdle, idleExitMs);
      }
    });
  }
  for (const [method, handle] of Object.entries(handlers)) serve(method, handle);
}

function signalOf(token: CancellationToken): AbortSignal {
  const controller = new AbortController();
  if (token.isCancellationRequested) controller.abort();
  token.onCancellationRequested(() => controller.abort());
  return controller.signal;
}

function errorResponse(error: unknown, log: (line: string) => void): ResponseError {
  if (error instanceof Cancelled) return new ResponseError(rpcErrorCodes.cancelled, error.message);
  if (error instanceof UserError)
    return new ResponseError(rpcErrorCodes[error.kind], error.message);
  log(traceOf(error));
  return new ResponseError(ErrorCodes.InternalError, describeError(error).message);
}
