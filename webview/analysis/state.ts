/** What the panel shows: a run, what it found, and what of that is looked at. */
import type { AnalysisContent, AnalysisHostMessage } from '../../src/protocol/analysisPanel.js';
import { groupingNames, type GroupingName } from '../../src/protocol/catalogue/analysis.js';
import { withRun, type RunShown } from '../shared/runState.js';
import type { Sorting } from '../shared/sorting.js';

/** What a square of categories shows of each pair. */
export const pairMeasures = ['cosine', 'separation'] as const;
export type PairMeasure = (typeof pairMeasures)[number];

export interface AnalysisState extends RunShown<AnalysisContent> {
  readonly width: number;
  /** Of each table that was sorted, by its name. */
  readonly sortings: Readonly<Record<string, Sorting>>;
  readonly measure: PairMeasure;
  /** Position of the model whose groups and notes are listed. */
  readonly model: number;
  readonly grouping: GroupingName;
  /** Place at the pointer on a model's chart. */
  readonly pointer: { readonly model: number; readonly x: number } | null;
}

export const emptyState: AnalysisState = {
  run: null,
  content: null,
  asked: null,
  width: 0,
  sortings: {},
  measure: 'cosine',
  model: 0,
  grouping: groupingNames[0] ?? 'kMeans',
  pointer: null,
};

export function receive(
  state: AnalysisState,
  message: AnalysisHostMessage,
): Partial<AnalysisState> {
  const forgetful: AnalysisState = { ...emptyState, run: state.run, width: state.width };
  if (message.type === 'run') return withRun(state, message, forgetful);
  // The same report again, with its names or without them: what is looked at stays.
  const isSame = message.type === 'report' && state.content?.type === 'report';
  return { ...(isSame ? state : forgetful), content: message };
}
