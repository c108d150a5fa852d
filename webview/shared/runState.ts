/** What panels know that follow a run and show what it found. */
import type { RunHostMessage } from '../../src/protocol/panels.js';
import type { RunCommand } from '../../src/protocol/run.js';

export type RunMessage = Extract<RunHostMessage, { type: 'run' }>;
export type EmptyMessage = Extract<RunHostMessage, { type: 'empty' }>;

export interface RunShown<Content> {
  readonly run: RunMessage | null;
  readonly content: Content | EmptyMessage | null;
  /** What the user has asked of the run, until its status changes. */
  readonly asked: RunCommand | null;
}

/** @param forgetful the state with nothing chosen, for another run */
export function withRun<State extends RunShown<unknown>>(
  state: State,
  run: RunMessage,
  forgetful: State,
): State {
  if (state.run?.name !== run.name) return { ...forgetful, run, content: null };
  const isNews = state.run.status !== run.status;
  // A resumed run has found nothing yet.
  const restarted = isNews && run.status === 'starting' ? { content: null } : {};
  return { ...state, ...restarted, run, asked: isNews ? null : state.asked };
}
