import type { AnalysisContent } from '../../src/protocol/analysisPanel.js';
import type { Theme } from '../shared/theme.js';
import type { AnalysisActions } from './actions.js';
import type { AnalysisState } from './state.js';

/** All that a part of the page is drawn from. */
export interface Drawn {
  readonly state: AnalysisState;
  readonly content: AnalysisContent;
  readonly theme: Theme;
  readonly actions: AnalysisActions;
}
