/**
 * The heartbeat thread of a job. `session.run()` can block the main thread for seconds; meanwhile this
 * thread renews `state.json`, polls `control.json`, acknowledges a cancel or a finish within half a second,
 * and kills the process on a second cancel. While the job runs, only this thread writes `state.json`.
 */
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';

import { fromSystemError, UserError } from '../../core/base/errors.js';
import { replaceFile } from '../../core/base/files.js';
import { releaseLock, renewLock } from '../../core/base/lock.js';
import { heartbeatMs, runFileNames } from '../../protocol/run.js';
import type { RunCost, RunState } from '../../protocol/run.js';
import { readControl } from '../runFolder.js';
import type { HeartbeatData, HeartbeatReply, HeartbeatRequest } from './heartbeatMessages.js';

const controlPollMs = 100;
/** Consecutive failures after which the job is told that its folder is lost. */
const toleratedFailures = 5;

const { folder, lock, state: firstState, costBefore } = workerData as HeartbeatData;
const begun = { time: performance.now(), cpu: process.cpuUsage() };
const port = parentPort;
if (port === null) throw new Error('heartbeat.mjs runs as a worker thread only.');

let state = firstState;
let cancelling = false;
let finishing = false;
let lastControlAt: number | null = null;
let failures = 0;
let lastComplaint: string | null = null;
let stopped = false;
let writing: Promise<void> = Promise.resolve();

port.on('message', (request: HeartbeatRequest) => {
  state = acknowledged(request.state);
  if (request.type === 'state') {
    void write();
    return;
  }
  stopped = true;
  clearInterval(beat);
  clearInterval(poll);
  state = request.state;
  // Release the lock first: whoever sees the final state may start the next job at once.
  void writing
    .then(() => releaseLock(lock))
    .then(() => replaceFile(statePath(), serialise(state)))
    .then(
      () => reply({ type: 'written', error: null }),
      (error: unknown) => reply({ type: 'written', error: sentence(error) }),
    )
    .finally(() => port.close());
});

const beat = setInterval(() => void write(), heartbeatMs);
const poll = setInterval(() => void lookAtControl(), controlPollMs);
void write();

/** The main thread may not have noticed a cancel or a finish yet. */
function acknowledged(next: RunState): RunState {
  const { status } = next;
  if (cancelling && ['running', 'paused', 'finishing'].includes(status)) {
    return { ...next, status: 'cancelling' };
  }
  return finishing && status === 'running' ? { ...next, status: 'finishing' } : next;
}

/** Writes are queued; each writes the latest state. */
function write(): Promise<void> {
  writing = writing.then(async () => {
    if (stopped) return;
    try {
      if (!(await renewLock(lock, Date.now()))) {
        reply({ type: 'lost', reason: `Another process took over the run folder ${folder}.` });
        return;
      }
      await replaceFile(statePath(), serialise(state));
      failures = 0;
    } catch (error) {
      failures++;
      if (failures === toleratedFailures) reply({ type: 'lost', reason: sentence(error) });
    }
  });
  return writing;
}

async function lookAtControl(): Promise<void> {
  const control = await readControl(folder).catch(complain);
  if (control === null || control.at === lastControlAt || stopped) return;
  lastControlAt = control.at;
  if (control.command === 'cancel' && cancelling) {
    await write();
    // Released, so that the next owner does not report a crash.
    await releaseLock(lock).catch(() => undefined);
    process.kill(process.pid, 'SIGKILL');
    return;
  }
  if (control.command === 'cancel') {
    cancelling = true;
    state = { ...state, status: 'cancelling' };
    await write();
  } else if (control.command === 'finish' && state.kind === 'pretrain') {
    finishing = true;
    state = acknowledged(state);
    await write();
  }
  reply({ type: 'control', command: control.command });
}

/** Logs that the control file is unreadable, once per message. */
function complain(error: unknown): null {
  const complaint = sentence(error);
  if (complaint !== lastComplaint) process.stderr.write(`${complaint}\n`);
  lastComplaint = complaint;
  return null;
}

function statePath(): string {
  return join(folder, runFileNames.state);
}

function serialise(value: RunState): string {
  return `${JSON.stringify({ ...value, updatedAt: Date.now(), cost: costSoFar() })}\n`;
}

/** Written with every beat, so that a process that is killed is counted too. */
function costSoFar(): RunCost {
  const { user, system } = process.cpuUsage(begun.cpu);
  const { seconds = 0, cpuSeconds = 0, peakMemoryBytes = 0 } = costBefore ?? {};
  return {
    seconds: seconds + (performance.now() - begun.time) / 1000,
    cpuSeconds: cpuSeconds + (user + system) / 1e6,
    peakMemoryBytes: Math.max(peakMemoryBytes, 1024 * process.resourceUsage().maxRSS),
  };
}

function reply(message: HeartbeatReply): void {
  port?.postMessage(message);
}

function sentence(error: unknown): string {
  if (error instanceof UserError) return error.message;
  try {
    return fromSystemError(error, `The run folder ${folder}`).message;
  } catch {
    return `The run folder ${folder} cannot be written.`;
  }
}
