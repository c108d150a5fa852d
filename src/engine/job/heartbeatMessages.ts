/** Messages between a job's main thread and its heartbeat thread. */
import type { Lock } from '../../core/base/lock.js';
import type { RunControl, RunCost, RunState } from '../../protocol/run.js';

export interface HeartbeatData {
  readonly folder: string;
  /** The folder's lock, which the heartbeat thread renews. */
  readonly lock: Lock;
  readonly state: RunState;
  /** Of the run's processes before this one. */
  readonly costBefore: RunCost | null;
}

/** `last`: write this state, reply `written`, and stop. */
export interface HeartbeatRequest {
  readonly type: 'state' | 'last';
  readonly state: RunState;
}

export type HeartbeatReply =
  | { readonly type: 'written'; readonly error: string | null }
  | { readonly type: 'control'; readonly command: RunControl['command'] }
  /** The state can no longer be written (a full disk), or another process took over the folder. */
  | { readonly type: 'lost'; readonly reason: string };
