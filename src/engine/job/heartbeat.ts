/**
 * The heartbeat thread of a job. `session.run()` blocks the main thread for up to seconds; this
 * thread renews `state.json`, watches `control.json`, acknowledges a cancel within half a second, and
 * kills the process at the second one. It is the only writer of `state.json` while the job runs.
 */
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';

import { fromSystemError, UserError } from '../../core/base/errors.js';
import { replaceFile } from '../../core/base/files.js';
import { releaseLock, renewLock } from '../../core/base/lock.js';
import { heartbeatMs, runFileNames } from '../../protocol/run.js';
import type { RunState } from '../../protocol/run.js';
import { readControl } from '../runFolder.js';
import type { HeartbeatData, HeartbeatReply, HeartbeatRequest } from './heartbeatMessages.js';

const controlPollMs = 100;
/** Failed heartbeats in a row after which the job is told that its folder is lost. */
const toleratedFailures = 5;

const { folder, lock, state: firstState } = workerData as HeartbeatData;
const port = parentPort;
if (port === null) throw new Error('heartbeat.mjs runs as a worker thread only.');

let state = firstState;
let cancelling = false;
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
  // Whoever reads that the job is over may start the next one at once.
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

/** The main thread may not know yet that the job is being cancelled. */
function acknowledged(next: RunState): RunState {
  const canOverrule = next.status === 'running' || next.status === 'paused';
  return cancelling && canOverrule ? { ...next, status: 'cancelling' } : next;
}

/** Writes follow one another; a state that changes meanwhile is written by the next one. */
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
    // The user ended it: nobody need think that it died.
    await releaseLock(lock).catch(() => undefined);
    process.kill(process.pid, 'SIGKILL');
    return;
  }
  if (control.command === 'cancel') {
    cancelling = true;
    state = { ...state, status: 'cancelling' };
    await write();
  }
  reply({ type: 'control', command: control.command });
}

/** Said once, in the log: a control file that cannot be read steers nothing. */
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
  return `${JSON.stringify({ ...value, updatedAt: Date.now() })}\n`;
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
