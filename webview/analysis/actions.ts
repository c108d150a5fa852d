import type { RunCommand } from '../../src/protocol/run.js';
import type { AnalysisState } from './state.js';

/** What a user can do in the panel. */
export interface AnalysisActions {
  readonly control: (command: RunCommand) => void;
  /** Opens a note, by its position. */
  readonly open: (note: number) => void;
  readonly change: (part: Partial<AnalysisState>) => void;
}
