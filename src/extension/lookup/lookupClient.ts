/**
 * Client of the window's lookup engine. The first request starts the engine, and so does the next one
 * after it has ended. Every request settles: with a result, a sentence for the user, Cancelled, or the
 * reason why the engine died.
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
import { Cancelled, failure, usageError } from '../../core/base/errors.js';
import type { LookupMethod, LookupRequests } from '../../protocol/lookup.js';
import { rpcErrorCodes } from '../../protocol/rpc.js';
import { countDeaths } from './engineDeaths.js';

export interface LookupClient {
  request<M extends LookupMethod>(
    method: M,
    params: LookupRequests[M]['params'],
    token?: CancellationToken,
  ): Promise<LookupRequests[M]['result']>;
  /** Process id of the running engine, if there is one. */
  readonly processId: () => number | null;
  /** On a user's request: allows an engine that kept crashing to start again. */
  forgive(): void;
  /** Engine settings changed: the next request starts a new engine. */
  renew(): void;
  dispose(): void;
}

export interface LookupOptions {
  readonly script: string;
  readonly execPath: string;
  /** Called at every start, so that changed settings take effect. */
  environment(): NodeJS.ProcessEnv;
  /** The engine ended unexpectedly; show `reason` to the user if `isNews`. */
  onDeath(reason: string, isNews: boolean): void;
  /** Output of the engine: crash messages of native code, never note text. */
  readonly onOutput: (text: string) => void;
}

interface Engine {
  readonly child: ChildProcess;
  readonly connection: MessageConnection;
  /** Set once the engine has ended. */
  end: End | null;
  /** Called when the engine ends, one for each pending request. */
  readonly waiting: Set<(end: End) => void>;
  /** Replaced by a new engine: ends once no request is pending. */
  isRetired: boolean;
}

interface End {
  /** It exited by itself after being idle. */
  readonly wasIdle: boolean;
  readonly reason: string;
}

export function createLookupClient(options: LookupOptions): LookupClient {
  const deaths = countDeaths();
  const running = new Set<Engine>();
  let engine: Engine | null = null;
  let isDisposed = false;

  function start(): Engine {
    if (deaths.areTooMany()) throw failure(keepsDying);
    const started = startEngine(options, (end) => {
      running.delete(started);
      if (engine === started) engine = null;
      if (end.wasIdle || started.isRetired || isDisposed) return end;
      const isNews = deaths.count();
      // Only after counting is it known whether the engine restarts.
      const reason = deaths.areTooMany() ? keepsDying : end.reason;
      options.onDeath(reason, isNews);
      return { ...end, reason };
    });
    running.add(started);
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
        // The engine may have exited as idle just as the request was sent: try once more.
        if (answer.end.wasIdle && attempt === 0) continue;
        throw failure(answer.end.reason);
      }
    },
    processId: () => engine?.child.pid ?? null,
    forgive: () => deaths.forgive(),
    renew() {
      if (engine === null) return;
      engine.isRetired = true;
      endIfUnwanted(engine);
      engine = null;
    },
    dispose() {
      isDisposed = true;
      for (const { child } of running) child.kill();
    },
  };
}

const keepsDying =
  'The lookup engine has died three times in five minutes, so it stays away until you ask for it: run "Notespace: Find Similar Notes".';

/** Error code of the Language Server Protocol, which vscode-jsonrpc implements. */
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
  // Removed when the request settles, so that a long-lived engine does not keep it in memory.
  let hear: (end: End) => void = () => undefined;
  const ended = new Promise<Answer>((resolve) => (hear = (end) => resolve({ type: 'ended', end })));
  if (engine.end === null) engine.waiting.add(hear);
  else hear(engine.end);
  const result = sent.then((value): Answer => ({ type: 'result', result: value }));
  // A busy engine notices a cancel late; do not make the caller wait.
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
    engine.waiting.delete(hear);
    endIfUnwanted(engine);
    result.catch(() => undefined); // a rejection after the race has no handler
  }
}

function endIfUnwanted({ child, isRetired, waiting }: Engine): void {
  if (isRetired && waiting.size === 0) child.kill();
}

/** When the process ends, the connection closes too; the exit reason is more useful. */
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

/** `onEnd` may replace the reason that is reported. */
function startEngine(options: LookupOptions, onEnd: (end: End) => End): Engine {
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
  connection.onError(() => undefined); // the process's exit is reported instead
  connection.listen();
  const engine: Engine = { child, connection, end: null, waiting: new Set(), isRetired: false };
  function finish(cause: End): void {
    if (engine.end !== null) return;
    const end = onEnd(cause);
    engine.end = end;
    for (const hear of engine.waiting) hear(end);
    engine.waiting.clear();
    connection.dispose();
  }
  child.once('exit', (code, signal) => finish(endOf(code, signal)));
  child.once('error', () => {
    if (child.pid === undefined) finish({ wasIdle: false, reason: cannotStart });
  });
  child.once('disconnect', () => endSoon(child));
  return engine;
}

/** Kills an unreachable engine that does not exit by itself within two seconds. */
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
