/**
 * A run folder as the job that owns it sees it: lock, state with heartbeat, metrics, control. The
 * heartbeat has its own thread (`job/heartbeat.ts`), since the job's thread blocks.
 */
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import { Worker } from 'node:worker_threads';

import {
  Cancelled,
  failure,
  fromSystemError,
  isMemoryError,
  systemCode,
  UserError,
} from '../core/base/errors.js';
import { overwriteFile, replaceFile } from '../core/base/files.js';
import { releaseLock } from '../core/base/lock.js';
import { runFileNames } from '../protocol/run.js';
import type { PretrainPlan } from '../protocol/pretraining.js';
import type {
  JobResult,
  JobSpec,
  MetricsLine,
  RunProgress,
  RunState,
  RunStatus,
} from '../protocol/run.js';
import type { HeartbeatData, HeartbeatReply, HeartbeatRequest } from './job/heartbeatMessages.js';
import { removeLeftovers } from './leftovers.js';
import { openMetrics } from './metricsFile.js';
import type { MetricsFile } from './metricsFile.js';
import { readRawState } from './runFolder.js';
import { acquireLock } from './runLock.js';

export interface RunOwner {
  /** Aborted by a cancel in `control.json`, by `cancel()`, or when the folder is lost. */
  readonly signal: AbortSignal;
  /** Resolves at once unless the run is paused; then when it is resumed or cancelled. */
  readonly pauseGate: () => Promise<void>;
  /** Whether the run is to end now with what it has come to; only a pre-training can. */
  readonly isFinishing: () => boolean;
  readonly progress: (progress: RunProgress) => void;
  readonly note: (sentence: string) => void;
  readonly metrics: (line: MetricsLine) => void;
  readonly plan: (plan: PretrainPlan) => void;
  readonly cancel: () => void;
  /** Writes the outcome and releases the folder. */
  readonly finish: (outcome: RunOutcome) => Promise<RunState>;
}

export type RunOutcome = { readonly result: JobResult } | { readonly error: unknown };

export interface OwnRunOptions {
  readonly folder: string;
  readonly spec: JobSpec;
  /** The built `heartbeat.mjs`. */
  readonly heartbeatScript: string | URL;
  readonly now: () => number;
}

/** Takes the folder's lock, marks the run as running and starts its heartbeat. */
export async function ownRun(options: OwnRunOptions): Promise<RunOwner> {
  const { folder, spec, now } = options;
  const statePath = join(folder, runFileNames.state);
  const { lock, ownerBefore } = await acquireLock(folder, now);
  const costBefore = (await readRawState(folder).catch(() => null))?.cost ?? null;
  await removeLeftovers(folder);
  let state: RunState = {
    format: 1,
    kind: spec.kind,
    name: basename(folder),
    status: 'running',
    pid: process.pid,
    host: hostname(),
    startedAt: now(),
    updatedAt: now(),
    progress: null,
    notes: ownerBefore === 'died' ? [diedBefore] : [],
    result: null,
    error: null,
    ...(costBefore === null ? {} : { cost: costBefore }),
  };
  const abort = new AbortController();
  let pause: { promise: Promise<void>; resume: () => void } | null = null;
  let finishing = false;
  let lost: string | null = null;
  const metricsFile = openMetrics(join(folder, runFileNames.metrics));

  await replaceFile(statePath, JSON.stringify(state)).catch(async (error: unknown) => {
    await releaseLock(lock).catch(() => undefined);
    throw fromSystemError(error, `The run folder ${folder}`);
  });

  const data: HeartbeatData = { folder, lock, state, costBefore };
  const worker = new Worker(options.heartbeatScript, { workerData: data });
  let workerError: unknown = null;
  worker.on('error', (error) => {
    workerError = error;
  });
  worker.on('message', (message: HeartbeatReply) => {
    if (message.type === 'lost') {
      lost = message.reason;
      abort.abort();
      pause?.resume();
    } else if (message.type === 'control') {
      if (message.command === 'cancel') cancel();
      else if (message.command === 'finish') finishNow();
      else setPaused(message.command === 'pause');
    }
  });

  function post(next: Partial<RunState>, type: HeartbeatRequest['type'] = 'state'): void {
    state = { ...state, ...next };
    worker.postMessage({ type, state } satisfies HeartbeatRequest);
  }

  function cancel(): void {
    if (abort.signal.aborted) return;
    abort.abort();
    post({ status: 'cancelling' });
    pause?.resume();
  }

  function setPaused(paused: boolean): void {
    if (abort.signal.aborted || paused === (pause !== null)) return;
    if (paused) {
      let resume = (): void => undefined;
      const promise = new Promise<void>((resolve) => (resume = resolve));
      pause = { promise, resume };
      post({ status: 'paused' });
    } else {
      pause?.resume();
      pause = null;
      post({ status: finishing ? 'finishing' : 'running' });
    }
  }

  function finishNow(): void {
    if (abort.signal.aborted || spec.kind !== 'pretrain') return;
    finishing = true;
    if (pause === null) post({ status: 'finishing' });
    else setPaused(false);
  }

  return {
    signal: abort.signal,
    pauseGate: () => pause?.promise ?? Promise.resolve(),
    isFinishing: () => finishing,
    progress: (progress) => post({ progress }),
    plan: (plan) => post({ plan }),
    note: (sentence) => {
      if (!state.notes.includes(sentence)) post({ notes: [...state.notes, sentence] });
    },
    metrics(line) {
      try {
        metricsFile.append(line);
      } catch (error) {
        throw fromSystemError(error, `The run folder ${folder}`);
      }
    },
    cancel,
    async finish(outcome) {
      const ending = lost === null ? closing(metricsFile, outcome) : { error: failure(lost) };
      const written = new Promise<string | null>((resolve) => {
        worker.on('message', (message: HeartbeatReply) => {
          if (message.type === 'written') resolve(message.error);
        });
        worker.once('exit', () => resolve(workerError === null ? null : 'The heartbeat died.'));
      });
      post(endOf(ending), 'last');
      const problem = await written;
      if (problem !== null) {
        const text = JSON.stringify(state);
        await replaceFile(statePath, text)
          .catch(() => overwriteFile(statePath, text))
          .catch(() => undefined); // reported by the exit code and standard error
      }
      await releaseLock(lock).catch(() => undefined);
      return state;
    },
  };
}

const diedBefore =
  'The process before ended from outside (it was killed, or memory ran out), and the run went on: if that happens again, close other programs.';

/** A run counts as done only if its metrics are on disk. */
function closing(metrics: MetricsFile, outcome: RunOutcome): RunOutcome {
  try {
    metrics.close();
    return outcome;
  } catch (error) {
    return 'error' in outcome ? outcome : { error };
  }
}

function endOf(outcome: RunOutcome): Partial<RunState> & { status: RunStatus } {
  if ('result' in outcome) return { status: 'done', result: outcome.result };
  const { error } = outcome;
  if (error instanceof Cancelled) return { status: 'cancelled' };
  return { status: 'failed', error: describeError(error) };
}

/** A sentence for any error. The message of a bug is not shown: it might quote a note. */
export function describeError(error: unknown): { message: string; kind: 'usage' | 'failed' } {
  if (error instanceof UserError) return { message: error.message, kind: error.kind };
  const code = systemCode(error);
  if (typeof code === 'string' && code.startsWith('E')) {
    try {
      return { message: fromSystemError(error, 'The job').message, kind: 'failed' };
    } catch {
      // there is no sentence for this code
    }
  }
  if (isMemoryError(error)) {
    return { message: 'The memory did not suffice: close other programs.', kind: 'failed' };
  }
  const name = error instanceof Error ? error.name : 'unknown error';
  return { message: `The job failed because of a bug in Notespace (${name}).`, kind: 'failed' };
}
