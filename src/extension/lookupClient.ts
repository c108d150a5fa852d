/**
 * The window's lookup engine as its client sees it: started by the first request, and again by the
 * next one after it ended. Every request settles: with a result, a sentence for the user, Cancelled,
 * or the reason why the engine died.
 */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import {
  createMessageConnection,
  ErrorCodes,
  IPCMessageReader,
  IPCMessageWriter,
  ResponseError,
} from 'vscode-jsonrpc/node';
import type { CancellationToken, MessageConnection } from 'vscode-jsonrpc/node';
import { Cancelled, failure, usageError } from '../core/base/errors.js';
import type { LookupMethod, LookupRequests } from '../protocol/lookup.js';
import { rpcErrorCodes } from '../protocol/rpc.js';

export interface LookupClient {
  request<M extends LookupMethod>(
    method: M,
    params: LookupRequests[M]['params'],
    token?: CancellationToken,
  ): Promise<LookupRequests[M]['result']>;
  /** Of the engine that runs now, if one does. */
  readonly processId: () => number | null;
  dispose(): void;
}

export interface LookupOptions {
  readonly script: string;
  readonly execPath: string;
  /** Asked at every start, so that changed settings count. */
  environment(): NodeJS.ProcessEnv;
  /** The engine ended though nobody asked it to; `reason` is a sentence for the user. */
  onDeath(reason: string): void;
  /** What the engine printed: crash messages of native code, never note text. */
  readonly onOutput: (text: string) => void;
}

interface Engine {
  readonly child: ChildProcess;
  readonly connection: MessageConnection;
  /** Resolves when it has ended. */
  readonly ended: Promise<End>;
}

interface End {
  /** It left by itself, having nothing to do. */
  readonly wasIdle: boolean;
  readonly reason: string;
}

export function createLookupClient(options: LookupOptions): LookupClient {
  let engine: Engine | null = null;
  let isDisposed = false;

  function start(): Engine {
    const started = startEngine(options);
    void started.ended.then((end) => {
      if (engine === started) engine = null;
      if (!end.wasIdle && !isDisposed) options.onDeath(end.reason);
    });
    return started;
  }

  return {
    async request(method, params, token) {
      for (let attempt = 0; ; attempt++) {
        if (isDisposed) throw new Cancelled();
        if (token?.isCancellationRequested === true) throw new Cancelled();
        engine ??= start();
        const answer = await ask(engine, method, params, token);
        if (answer.type === 'result') return answer.result as never;
        // It may have gone idle in the moment when the request was on its way.
        if (answer.end.wasIdle && attempt === 0) continue;
        throw failure(answer.end.reason);
      }
    },
    processId: () => engine?.child.pid ?? null,
    dispose() {
      isDisposed = true;
      engine?.child.kill();
    },
  };
}

/** Of the Language Server Protocol, whose implementation vscode-jsonrpc is. */
const requestCancelled = -32800;

type Answer =
  | { readonly type: 'result'; readonly result: unknown }
  | { readonly type: 'ended'; readonly end: End };

async function ask(
  engine: Engine,
  method: string,
  params: object,
  token: CancellationToken | undefined,
): Promise<Answer> {
  const sent =
    token === undefined
      ? engine.connection.sendRequest<unknown>(method, params)
      : engine.connection.sendRequest<unknown>(method, params, token);
  const result = sent.then((value): Answer => ({ type: 'result', result: value }));
  const ended = engine.ended.then((end): Answer => ({ type: 'ended', end }));
  // An engine in the middle of a computation hears of a cancel late; the caller need not wait.
  let subscription: { dispose(): void } | undefined;
  const cancelled = new Promise<never>((_resolve, reject) => {
    subscription = token?.onCancellationRequested(() => reject(new Cancelled()));
  });
  try {
    return await Promise.race([result, ended, cancelled]);
  } catch (error) {
    if (isConnectionLoss(error)) {
      endSoon(engine.child);
      return await ended;
    }
    throw translate(error);
  } finally {
    subscription?.dispose();
    result.catch(() => undefined); // whatever comes after the race is nobody's concern
  }
}

/** The connection goes when the process ends; then the way it ended is the better reason. */
function isConnectionLoss(error: unknown): boolean {
  if (error instanceof Cancelled) return false;
  if (!(error instanceof ResponseError)) return true;
  return (
    error.code === ErrorCodes.PendingResponseRejected ||
    error.code === ErrorCodes.MessageWriteError ||
    error.code === ErrorCodes.ConnectionInactive
  );
}

function translate(error: unknown): unknown {
  if (!(error instanceof ResponseError)) return error;
  if (error.code === rpcErrorCodes.usage) return usageError(error.message);
  if (error.code === requestCancelled) return new Cancelled();
  return failure(error.message);
}

function startEngine(options: LookupOptions): Engine {
  const child = fork(options.script, [], {
    execPath: options.execPath,
    execArgv: [],
    env: options.environment(),
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  child.stdout?.setEncoding('utf8').on('data', options.onOutput);
  child.stderr?.setEncoding('utf8').on('data', options.onOutput);
  const connection = createMessageConnection(
    new IPCMessageReader(child),
    new IPCMessageWriter(child),
  );
  connection.onError(() => undefined); // the end of the process says more
  connection.listen();
  const ended = new Promise<End>((resolve) => {
    child.once('exit', (code, signal) => resolve(endOf(code, signal)));
    child.once('error', () => {
      if (child.pid === undefined) resolve({ wasIdle: false, reason: cannotStart });
    });
  });
  child.once('disconnect', () => endSoon(child));
  void ended.then(() => connection.dispose());
  return { child, connection, ended };
}

/** An engine that can no longer be reached leaves by itself, or is made to. */
function endSoon(child: ChildProcess): void {
  setTimeout(() => child.kill('SIGKILL'), 2000).unref();
}

const cannotStart = 'The lookup engine cannot be started: install Notespace again.';

function endOf(code: number | null, signal: string | null): End {
  if (code === 0) {
    return { wasIdle: true, reason: 'The lookup engine keeps leaving: reload the window.' };
  }
  const how = signal === null ? `with code ${code ?? 'unknown'}` : `by ${signal}`;
  return {
    wasIdle: false,
    reason: `The lookup engine was ended ${how}; it starts again with the next request.`,
  };
}
