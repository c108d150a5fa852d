/**
 * Jobs of this workspace: those that this window started, and those that it found running (started
 * before a reload, or by another window). A job belongs to its run folder, never to a window.
 */
import { join } from 'node:path';
import * as vscode from 'vscode';
import { UserError } from '../../core/base/errors.js';
import {
  createRun,
  isAlive,
  isOver,
  listRuns,
  readJob,
  readState,
  runName,
  startJob,
  writeJob,
} from '../../engine/runFolder.js';
import type { JobSpec, RunState } from '../../protocol/run.js';
import { contextKeys } from '../contributions.js';
import type { Disposable } from '../disposable.js';
import { childEnvironment } from '../places.js';
import type { Places } from '../places.js';
import { sentenceOf } from '../notices.js';
import type { Notices } from '../notices.js';
import { cancelRun, followRun } from './runFollower.js';
import { childSettings } from '../settings.js';
import { requireTrust } from '../trust.js';

export interface Job {
  /** The run folder. */
  readonly folder: string;
  readonly spec: JobSpec;
  readonly state: RunState;
  /** The user started it in this window, so its progress and its end are reported here. */
  readonly isOurs: boolean;
}

export interface Jobs extends Disposable {
  /** A job has started, made progress or ended. */
  readonly onDidChange: vscode.Event<void>;
  readonly onDidEnd: vscode.Event<Job>;
  running(): readonly Job[];
  /** Starts a job in a new folder inside `runs`, unless it is already running; resolves to the folder. */
  start(runs: string, spec: JobSpec, options?: { readonly inBackground: boolean }): Promise<string>;
  /** Starts the job of an existing run folder again. */
  restart(folder: string, spec: JobSpec): Promise<void>;
  /** The first call asks the job to stop; the second forces it to. */
  cancel(folder: string): Promise<void>;
  /** Resolves when a running job has ended; immediately for others. */
  ended(folder: string): Promise<void>;
  /** Follows a running run, whoever started it. */
  adopt(run: Pick<Job, 'folder' | 'spec' | 'state'>): void;
  /** Follows the jobs that are running in these folders. */
  attach(runFolders: readonly string[]): Promise<void>;
}

/** Its own class, so that a background start can ignore that another window was faster. */
export class AlreadyAtWork extends UserError {
  constructor() {
    super('usage', 'That is being done already: wait for it, or cancel it.');
  }
}

interface Followed {
  job: Job;
  cancels: number;
  readonly follower: Disposable;
  readonly ended: Promise<void>;
}

export function createJobs(places: Places, notices: Notices): Jobs {
  const changed = new vscode.EventEmitter<void>();
  const ended = new vscode.EventEmitter<Job>();
  const followed = new Map<string, Followed>();
  const starting = new Set<JobSpec>();
  const told = new Set<string>();

  function follow(first: Job): void {
    const known = followed.get(first.folder);
    if (known !== undefined) {
      // The folder was read before the job was known to have started in this window.
      if (first.isOurs) known.job = { ...known.job, isOurs: true };
      return;
    }
    let finish: () => void = () => undefined;
    const whenEnded = new Promise<void>((resolve) => (finish = resolve));
    const entry: Followed = {
      job: first,
      cancels: 0,
      ended: whenEnded,
      follower: followRun(first.folder, {
        onState(state) {
          entry.job = { ...entry.job, state };
          if (isOver(state)) end();
          changed.fire();
        },
        onLost(error) {
          end();
          if (entry.job.isOurs) void notices.error(error);
          changed.fire();
        },
      }),
    };
    function end(): void {
      followed.delete(first.folder);
      entry.follower.dispose();
      finish();
      if (isOver(entry.job.state)) ended.fire(entry.job);
      setRunningContext();
    }
    followed.set(first.folder, entry);
    setRunningContext();
    changed.fire();
  }

  function setRunningContext(): void {
    const isRunning = followed.size > 0;
    void vscode.commands.executeCommand('setContext', contextKeys.isJobRunning, isRunning);
  }

  async function attach(runFolders: readonly string[]): Promise<void> {
    for (const runs of runFolders) {
      for (const name of await listRuns(runs)) {
        const folder = join(runs, name);
        const found = await readRunning(folder).catch(leaveOut);
        if (found !== null) follow({ folder, ...found, isOurs: false });
      }
    }
  }

  /** An unreadable run must not stop the others; logged once per message. */
  function leaveOut(error: unknown): null {
    const sentence = sentenceOf(error);
    if (!told.has(sentence)) notices.log(sentence);
    told.add(sentence);
    return null;
  }

  /** Only one job at a time may write an index, its map, or a model's folder. */
  async function isAtWork(spec: JobSpec): Promise<boolean> {
    for (const earlier of starting) {
      if (earlier === spec) break;
      if (isSameWork(earlier, spec)) return true;
    }
    for (const { job } of followed.values()) {
      if (!isSameWork(job.spec, spec)) continue;
      const state = await readState(job.folder); // it may have ended since it was last read
      if (state !== null && !isOver(state)) return true;
    }
    return false;
  }

  async function launch(folder: string, spec: JobSpec, isOurs: boolean): Promise<void> {
    await startJob(folder, {
      script: places.jobScript,
      execPath: process.execPath,
      env: childEnvironment(process.env, childSettings(places)),
    });
    const state = await readState(folder);
    if (state !== null) follow({ folder, spec, state, isOurs });
  }

  return {
    onDidChange: changed.event,
    onDidEnd: ended.event,
    running: () => [...followed.values()].map(({ job }) => job),
    async start(runs, spec, options) {
      requireTrust();
      starting.add(spec);
      try {
        // Another window may be running it.
        await attach([runs]);
        if (await isAtWork(spec)) {
          throw new AlreadyAtWork();
        }
        const now = new Date();
        const folder = await createRun(runs, runName(spec.kind, now), spec, now.getTime());
        await launch(folder, spec, options?.inBackground !== true);
        return folder;
      } finally {
        starting.delete(spec);
      }
    },
    async restart(folder, spec) {
      requireTrust();
      await writeJob(folder, spec, Date.now());
      await launch(folder, spec, true);
    },
    async cancel(folder) {
      const entry = followed.get(folder);
      if (entry === undefined) return cancelRun(folder, 1);
      entry.cancels++; // counted before awaiting, so that a second press counts as the second
      try {
        await cancelRun(folder, entry.cancels);
      } catch (error) {
        entry.cancels--;
        throw error;
      }
    },
    async ended(folder) {
      await followed.get(folder)?.ended;
    },
    adopt({ folder, spec, state }) {
      if (isAlive(state)) follow({ folder, spec, state, isOurs: false });
    },
    attach,
    dispose() {
      for (const { follower } of followed.values()) follower.dispose();
      changed.dispose();
      ended.dispose();
    },
  };
}

async function readRunning(folder: string): Promise<{ spec: JobSpec; state: RunState } | null> {
  const state = await readState(folder);
  return state !== null && isAlive(state) ? { spec: await readJob(folder), state } : null;
}

function isSameWork(a: JobSpec, b: JobSpec): boolean {
  if (a.kind === 'import') return b.kind === 'import' && a.target === b.target;
  if (a.kind !== 'index' && a.kind !== 'project') return false;
  return a.kind === b.kind && a.store === b.store;
}
