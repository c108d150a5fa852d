/** What a job's main thread and its heartbeat thread say to each other. */
import type { Lock } from '../../core/base/lock.js';
import type { RunControl, RunState } from '../../protocol/run.js';

export interface HeartbeatData {
  readonly folder: string;
  /** Of the folder; this thread renews it. */
  readonly lock: Lock;
  readonly state: RunState;
}

/** `last`: write this state, answer `written`, and stop. */
export interface HeartbeatRequest {
  readonly type: 'state' | 'last';
  readonly state: RunState;
}

export type HeartbeatReply =
  | { readonly type: 'written'; readonly error: string | null }
  | { readonly type: 'control'; readonly command: RunControl['command'] }
  /** The state cannot be written any more (a full disk), or another process took the folder. */
  | { readonly type: 'lost'; readonly reason: string };
