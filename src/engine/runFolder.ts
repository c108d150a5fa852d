/**
 * A run folder as its readers and starters see it: create one, start its job, read its state, control it.
 * The job's own side is `runOwner.ts`. Loads nothing native: the extension uses it.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type * as z from 'zod/mini';

import { failure, fromSystemError, systemCode, usageError } from '../core/base/errors.js';
import { isBusy, makeFolder, replaceFile } from '../core/base/files.js';
import { processExists } from '../core/base/processes.js';
import { runFileNames, staleAfterMs } from '../protocol/run.js';
import type { JobSpec, RunControl, RunState, RunStatus } from '../protocol/run.js';
import { checked } from './runChecks.js';
import { controlSchema, jobSchema, stateSchema } from './runSchemas.js';

/** Output of the job process: crash messages of native code, never note text. */
export const jobLogName = 'job.log';

const over: ReadonlySet<RunStatus> = new Set<RunStatus>(['done', 'failed', 'cancelled']);

/** The folder that holds a workspace's index and runs: private, and kept out of version control. */
export async function ensureNotespaceFolder(folder: string): Promise<string> {
  try {
    await makeFolder(folder, 0o700);
    await writeFile(join(folder, '.gitignore'), '*\n', { flag: 'wx' }).catch((error: unknown) => {
      if (systemCode(error) !== 'EEXIST') throw error;
    });
    return folder;
  } catch (error) {
    throw fromSystemError(error, `The folder ${folder}`);
  }
}

/** "pretrain-2026-11-23-160200": sorts by time, and is a valid file name everywhere. */
export function runName(kind: JobSpec['kind'], now: Date): string {
  const stamp = now.toISOString().slice(0, 19).replace('T', '-').replaceAll(':', '');
  return `${kind}-${stamp}`;
}

/** Creates `runsFolder/name` (with -2, -3 … if taken) and writes the job; returns the folder. */
export async function createRun(
  runsFolder: string,
  name: string,
  spec: JobSpec,
  now: number,
): Promise<string> {
  try {
    await makeFolder(runsFolder, 0o700);
    for (let number = 1; ; number++) {
      const folder = join(runsFolder, number === 1 ? name : `${name}-${number}`);
      try {
        await mkdir(folder, { mode: 0o700 });
      } catch (error) {
        if (systemCode(error) === 'EEXIST') continue;
        throw error;
      }
      await writeJob(folder, spec, now);
      return folder;
    }
  } catch (error) {
    throw fromSystemError(error, `The folder ${runsFolder}`);
  }
}

/** Writes the job to an existing folder (new, or to be resumed) and marks it as starting. */
export async function writeJob(folder: string, spec: JobSpec, now: number): Promise<void> {
  // A damaged state is replaced; what the run has cost before counts on.
  const before = await readRawState(folder).catch(() => null);
  const state: RunState = {
    format: 1,
    kind: spec.kind,
    name: folderName(folder),
    status: 'starting',
    pid: 0,
    host: hostname(),
    startedAt: now,
    updatedAt: now,
    progress: null,
    notes: [],
    result: null,
    error: null,
    ...(before?.cost === undefined ? {} : { cost: before.cost }),
  };
  // Remove an old command first: one that arrives from now on is meant for this job.
  await rm(join(folder, runFileNames.control), { force: true });
  await replaceFile(join(folder, runFileNames.job), `${JSON.stringify(spec, null, 2)}\n`);
  await replaceFile(join(folder, runFileNames.state), `${JSON.stringify(state)}\n`);
}

export interface StartOptions {
  /** The built `job.mjs`. */
  readonly script: string;
  /** `process.execPath` of Node, or of an editor that can run as Node. */
  readonly execPath: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Starts the job of a run folder as a process that outlives this one; returns its pid. */
export async function startJob(folder: string, options: StartOptions): Promise<number> {
  const child = await launch(folder, options, 'alone');
  child.unref();
  return child.pid as number;
}

/** Starts the job of a run folder as a process that cancels itself when this one ends. */
export function startChildJob(folder: string, options: StartOptions): Promise<ChildProcess> {
  return launch(folder, options, 'child');
}

async function launch(
  folder: string,
  options: StartOptions,
  as: 'alone' | 'child',
): Promise<ChildProcess> {
  let log: number;
  try {
    log = openSync(join(folder, jobLogName), 'a', 0o600);
  } catch (error) {
    throw fromSystemError(error, `The run folder ${folder}`);
  }
  try {
    const child = spawn(options.execPath, [options.script, folder], {
      cwd: folder,
      detached: as === 'alone',
      // A child notices by its channel that its parent has gone.
      stdio: ['ignore', log, log, ...(as === 'child' ? (['ipc'] as const) : [])],
      windowsHide: true,
      env: { ...options.env, ELECTRON_RUN_AS_NODE: '1' },
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    return child;
  } catch (error) {
    throw failure(
      `The job process could not be started (${systemCode(error) ?? 'unknown error'}).`,
      {
        cause: error,
      },
    );
  } finally {
    closeSync(log);
  }
}

export async function readJob(folder: string): Promise<JobSpec> {
  const spec = await readChecked(folder, runFileNames.job, jobSchema());
  if (spec === null) throw usageError(`${folder} is no run folder: it has no ${runFileNames.job}.`);
  return spec;
}

/** The state as last written by its owner; `null` if there is none. */
export async function readRawState(folder: string): Promise<RunState | null> {
  return readChecked(folder, runFileNames.state, stateSchema());
}

/**
 * State of a run; `null` if the folder has none. A job that crashed is reported as `failed`, or as
 * `cancelled` if it was being cancelled, with a sentence that says what happened.
 */
export async function readState(folder: string, now = Date.now()): Promise<RunState | null> {
  const seen = await readRawState(folder);
  if (seen === null || isSettled(seen, now)) return seen;
  // The job may have ended between the two checks: read its final state.
  const state = (await readRawState(folder)) ?? seen;
  if (isSettled(state, now)) return state;
  if (state.status === 'cancelling') {
    return { ...state, status: 'cancelled', notes: [...state.notes, stoppedAtOnce] };
  }
  const message = state.pid === 0 ? neverStarted : diedSilently(state.kind);
  return { ...state, status: 'failed', error: { message, kind: 'failed' } };
}

function isSettled(state: RunState, now: number): boolean {
  return isOver(state) || isAlive(state, now);
}

const stoppedAtOnce = 'The job was stopped at once; what it had saved before is kept.';
const neverStarted = 'The job process did not start: run it again.';

function diedSilently(kind: JobSpec['kind']): string {
  const remedy = kind === 'pretrain' ? 'resume it from its last checkpoint' : 'run it again';
  return `The job process ended without a word (it was killed or ran out of memory): ${remedy}.`;
}

export function isOver(state: RunState): boolean {
  return over.has(state.status);
}

/** Whether the job is running: its heartbeat is recent and, on this machine, its process exists. */
export function isAlive(state: RunState, now = Date.now()): boolean {
  if (isOver(state) || now - state.updatedAt > staleAfterMs) return false;
  if (state.pid === 0 || isElsewhere(state)) return true;
  return processExists(state.pid);
}

function isElsewhere(state: RunState): boolean {
  return state.host !== undefined && state.host !== hostname();
}

/** Names of the runs in a folder, newest last; names that start with a dot are being deleted. */
export async function listRuns(runsFolder: string): Promise<string[]> {
  try {
    const entries = await readdir(runsFolder, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map((entry) => entry.name)
      .sort();
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw fromSystemError(error, `The folder ${runsFolder}`);
  }
}

/** Asks the job to cancel, pause or resume. A second `cancel` makes the job kill itself at once. */
export async function writeControl(
  folder: string,
  command: RunControl['command'],
  now = Date.now(),
): Promise<void> {
  const control: RunControl = { format: 1, command, at: now };
  try {
    await replaceFile(join(folder, runFileNames.control), JSON.stringify(control));
  } catch (error) {
    throw fromSystemError(error, `The run folder ${folder}`);
  }
}

export async function readControl(folder: string): Promise<RunControl | null> {
  return readChecked(folder, runFileNames.control, controlSchema());
}

/** Kills a job that does not respond even to a second cancel (for example a suspended process). */
export async function killRun(folder: string): Promise<void> {
  const state = await readRawState(folder);
  if (state === null || isOver(state) || state.pid === 0 || isElsewhere(state)) return;
  if (!isAlive(state)) return;
  try {
    process.kill(state.pid, 'SIGKILL');
  } catch (error) {
    if (systemCode(error) !== 'ESRCH') throw error;
  }
}

function folderName(folder: string): string {
  return folder.split(/[\\/]/).findLast((part) => part !== '') ?? folder;
}

async function readChecked<T>(
  folder: string,
  name: string,
  schema: z.ZodMiniType<T>,
): Promise<T | null> {
  const file = join(folder, name);
  const value = await readJson(file);
  return value === undefined ? null : checked(schema, value, { file, run: folderName(folder) });
}

/** `undefined` if the file does not exist; retries on Windows while the file is being replaced. */
async function readJson(path: string): Promise<unknown> {
  for (let attempt = 0; ; attempt++) {
    try {
      return JSON.parse(await readFile(path, 'utf8')) as unknown;
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return undefined;
      if (attempt < 5 && isBusy(error)) {
        await sleep(10 * 2 ** attempt);
        continue;
      }
      if (error instanceof SyntaxError) throw failure(`${path} is damaged: delete the run.`);
      throw fromSystemError(error, path);
    }
  }
}
