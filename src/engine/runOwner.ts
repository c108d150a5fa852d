/**
 * A run folder as the job that owns it sees it: lock, state with heartbeat, metrics, control. The
 * heartbeat lives in a thread of its own (`job/heartbeat.ts`), since the job's thread blocks.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import { Worker } from 'node:worker_threads';

import {
  Cancelled,
  failure,
  fromSystemError,
  isMemoryError,
  UserError,
} from '../core/base/errors.js';
import { runFileNames } from '../protocol/run.js';
import type {
  JobResult,
  JobSpec,
  MetricsLine,
  PretrainPlan,
  RunProgress,
  RunState,
  RunStatus,
} from '../protocol/run.js';
import type { HeartbeatData, HeartbeatReply, HeartbeatRequest } from './job/heartbeatMessages.js';
import { errorCode, replaceFile } from './replaceFile.js';
import { acquireLock, releaseLock } from './runLock.js';

export interface RunOwner {
  /** Aborted by a cancel in `control.json`, or by `cancel()`. */
  readonly signal: AbortSignal;
  /** Resolves at once unless the run is paused; then when it goes on or is cancelled. */
  readonly pauseGate: () => Promise<void>;
  readonly progress: (progress: RunProgress) => void;
  readonly note: (sentence: string) => void;
  readonly metrics: (line: MetricsLine) => void;
  readonly plan: (plan: PretrainPlan) => void;
  readonly cancel: () => void;
  /** Writes the outcome and gives the folder free. */
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
  await acquireLock(folder, now());
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
    notes: [],
    result: null,
    error: null,
  };
  const abort = new AbortController();
  let pause: { promise: Promise<void>; resume: () => void } | null = null;
  let lost: string | null = null;
  let metricsFile: number | null = null;

  // A command of an earlier run of this folder must not steer this one.
  await rm(join(folder, runFileNames.control), { force: true });
  await replaceFile(join(folder, runFileNames.state), JSON.stringify(state)).catch(
    (error: unknown) => {
      throw fromSystemError(error, `The run folder ${folder}`);
    },
  );

  const data: HeartbeatData = { folder, state };
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
      post({ status: 'running' });
    }
  }

  return {
    signal: abort.signal,
    pauseGate: () => pause?.promise ?? Promise.resolve(),
    progress: (progress) => post({ progress }),
    plan: (plan) => post({ plan }),
    note: (sentence) => {
      if (!state.notes.includes(sentence)) post({ notes: [...state.notes, sentence] });
    },
    metrics(line) {
      try {
        if (metricsFile === null) {
          const path = join(folder, runFileNames.metrics);
          dropMetricsFrom(path, line.step);
          metricsFile = openSync(path, 'a', 0o600);
        }
        writeSync(metricsFile, `${JSON.stringify(line)}\n`);
      } catch (error) {
        throw fromSystemError(error, `The run folder ${folder}`);
      }
    },
    cancel,
    async finish(outcome) {
      if (metricsFile !== null) {
        fsyncSync(metricsFile);
        closeSync(metricsFile);
      }
      const ending = lost === null ? outcome : { error: failure(lost) };
      const written = new Promise<string | null>((resolve) => {
        worker.on('message', (message: HeartbeatReply) => {
          if (message.type === 'written') resolve(message.error);
        });
        worker.once('exit', () => resolve(workerError === null ? null : 'The heartbeat died.'));
      });
      post(endOf(ending), 'last');
      const problem = await written;
      if (problem !== null) {
        await replaceFile(join(folder, runFileNames.state), JSON.stringify(state)).catch(
          () => undefined, // said through the exit code and standard error
        );
      }
      await releaseLock(folder).catch(() => undefined);
      return state;
    },
  };
}

function endOf(outcome: RunOutcome): Partial<RunState> & { status: RunStatus } {
  if ('result' in outcome) return { status: 'done', result: outcome.result };
  const { error } = outcome;
  if (error instanceof Cancelled) return { status: 'cancelled' };
  return { status: 'failed', error: describeError(error) };
}

/** One sentence for anything thrown. A bug's message is not shown: it might quote a note. */
export function describeError(error: unknown): { message: string; kind: 'usage' | 'failed' } {
  if (error instanceof UserError) return { message: error.message, kind: error.kind };
  const code = errorCode(error);
  if (typeof code === 'string' && code.startsWith('E')) {
    try {
      return { message: fromSystemError(error, 'The job').message, kind: 'failed' };
    } catch {
      // no sentence for this code
    }
  }
  if (isMemoryError(error)) {
    return { message: 'The memory did not suffice: close other programs.', kind: 'failed' };
  }
  const name = error instanceof Error ? error.name : 'unknown error';
  return { message: `The job failed because of a bug in Notespace (${name}).`, kind: 'failed' };
}

/** A resumed run takes its last steps again: their lines of the run before are dropped. */
function dropMetricsFrom(path: string, step: number): void {
  if (!existsSync(path)) return;
  const lines = readFileSync(path, 'utf8').split('\n');
  const kept = lines.filter((line) => {
    const match = /"step":(\d+)/.exec(line);
    return match !== null && Number(match[1]) < step && line.endsWith('}');
  });
  // Whole or not at all: the lines that are kept are the only record of the steps before.
  const temporary = `${path}.kept`;
  writeFileSync(temporary, kept.map((line) => `${line}\n`).join(''), { mode: 0o600 });
  renameSync(temporary, path);
}
