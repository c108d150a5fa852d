/** What the page knows about the run, and what the user can do with it. */
import type { NextStep, TrainingHostMessage } from '../../src/protocol/panels.js';
import type { RunCommand } from '../../src/protocol/run.js';
import type { Curves } from '../shared/curves.js';

export type RunMessage = Extract<TrainingHostMessage, { type: 'run' }>;

export interface TrainingState {
  readonly run: RunMessage | null;
  readonly curves: Curves;
  /** Step at the pointer. */
  readonly pointer: number | null;
  readonly width: number;
  /** The user's request that the run has not answered yet. */
  readonly asked: RunCommand | null;
}

export interface TrainingActions {
  readonly control: (command: RunCommand) => void;
  readonly next: (step: NextStep) => void;
  readonly point: (step: number | null) => void;
}
