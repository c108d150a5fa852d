import type { RunCommand } from '../../src/protocol/run.js';
import type { EvaluationState } from './state.js';

/** What a user can do in the panel. */
export interface EvaluationActions {
  readonly control: (command: RunCommand) => void;
  /** Opens a test note, by its position. */
  readonly open: (note: number) => void;
  readonly change: (part: Partial<EvaluationState>) => void;
  /** Changes the state and moves the focus to what the selector finds. */
  readonly focus: (part: Partial<EvaluationState>, selector: string) => void;
}
