/** What the page knows about the run, and what the user can do with it. */
import type { TrainingHostMessage } from '../../src/protocol/panels.js';
import type { Curves } from '../shared/curves.js';

export type RunMessage = Extract<TrainingHostMessage, { type: 'run' }>;
export type Control = 'cancel' | 'pause' | 'resume';

export interface TrainingState {
  readonly run: RunMessage | null;
  readonly curves: Curves;
  /** Step at the pointer. */
  readonly pointer: number | null;
  readonly width: number;
  /** The user's request that the run has not answered yet. */
  readonly asked: Control | null;
}

export interface TrainingActions {
  readonly control: (command: Control) => void;
  readonly point: (step: number | null) => void;
}
