/** What the panel shows: a run, what it found, and what of that is looked at. */
import type { FigureName, ProtocolName } from '../../src/protocol/catalogue/protocols.js';
import type { Shots } from '../../src/protocol/catalogue/evaluation.js';
import type {
  EvaluationHostMessage,
  EvaluationSetting as Setting,
  RunHostMessage,
} from '../../src/protocol/panels.js';
import { withRun, type RunShown } from '../shared/runState.js';
import type { Sorting } from '../shared/sorting.js';

export type Report = Extract<EvaluationHostMessage, { type: 'report' }>;
export type Content = Exclude<EvaluationHostMessage, RunHostMessage>;
export type { Setting };

/** Columns of the comparison table by which it can be sorted. */
export type Column = FigureName | 'model' | 'classifier' | 'seconds' | 'trainableParameters';

/** Of one label: notes of one class that were given one class. Of several: those that missed a class, or were given it wrongly. */
export type Cell =
  | { readonly kind: 'given'; readonly actual: number; readonly predicted: number }
  | { readonly kind: 'missed' | 'wrong'; readonly of: number };

/** How two models did on a note. */
export const flipKinds = ['onlyFirst', 'onlySecond', 'both', 'neither'] as const;
export type FlipKind = (typeof flipKinds)[number];

/** Which list of notes is open; each of the two sections has its own. */
export interface OpenList<Which> {
  readonly which: Which;
  /** The active row. */
  readonly row: number;
}

export interface EvaluationState extends RunShown<Content> {
  readonly width: number;
  /** `null` in what follows: not chosen, so the first that there is. */
  readonly protocol: ProtocolName | null;
  /** Whether figures are of notes without the words that name what is predicted. */
  readonly withoutWords: boolean;
  readonly shots: Shots | null;
  readonly measure: FigureName | null;
  /** Models whose curves are not drawn. */
  readonly hidden: ReadonlySet<string>;
  /** Whether classifiers are listed that stand beside the main ones. */
  readonly allClassifiers: boolean;
  readonly sorting: Sorting<Column> | null;
  /** Places at the pointer on the two charts. */
  readonly pointer: number | null;
  readonly confidencePointer: number | null;
  /** Position of the setting, among those with outcomes, whose errors are shown. */
  readonly subject: number | null;
  /** Cell of the matrix that takes part in the tab order. */
  readonly corner: readonly [number, number];
  readonly cell: OpenList<Cell> | null;
  readonly first: number | null;
  readonly second: number | null;
  readonly flip: OpenList<FlipKind> | null;
}

export const emptyState: EvaluationState = {
  run: null,
  content: null,
  asked: null,
  width: 0,
  protocol: null,
  withoutWords: false,
  shots: null,
  measure: null,
  hidden: new Set(),
  allClassifiers: false,
  sorting: null,
  pointer: null,
  confidencePointer: null,
  subject: null,
  corner: [0, 0],
  cell: null,
  first: null,
  second: null,
  flip: null,
};

export function receive(
  state: EvaluationState,
  message: EvaluationHostMessage,
): Partial<EvaluationState> {
  if (message.type !== 'run') {
    // The same report again, with its names or without them: what is looked at stays.
    const isSame = message.type === 'report' && state.content?.type === 'report';
    return isSame ? { content: message } : { ...chosenAnew(state), content: message };
  }
  return withRun(state, message, chosenAnew(state));
}

/** Everything that was chosen is forgotten; what the window is like is not. */
function chosenAnew({ run, width }: EvaluationState): EvaluationState {
  return { ...emptyState, run, width };
}

export function protocolsOf({ settings }: Report): ProtocolName[] {
  return [...new Set(settings.flatMap(({ protocol }) => protocol ?? []))];
}

export function protocolOf(state: EvaluationState, report: Report): ProtocolName | null {
  const all = protocolsOf(report);
  return all.find((name) => name === state.protocol) ?? all[0] ?? null;
}

/** Of the chosen protocol and texts, with the baselines that are the same in all protocols. */
export function settingsOf(state: EvaluationState, report: Report): Setting[] {
  const chosen = protocolOf(state, report);
  return report.settings.filter(
    ({ protocol, withoutWords }) =>
      withoutWords === state.withoutWords && (protocol === chosen || protocol === null),
  );
}

/** Whether there are figures of notes without words, beside those of whole notes. */
export function hasBothTexts({ settings }: Report): boolean {
  return settings.some(({ withoutWords }) => withoutWords);
}

/** Ascending, `all` last. */
export function shotsOf(settings: readonly Setting[]): Shots[] {
  const size = (shots: Shots): number => (shots === 'all' ? Infinity : shots);
  return [...new Set(settings.map(({ shots }) => shots))].sort((a, b) => size(a) - size(b));
}

/** Those with the most labels, unless others were chosen. */
export function shownShots(state: EvaluationState, settings: readonly Setting[]): Shots {
  const all = shotsOf(settings);
  return all.find((shots) => shots === state.shots) ?? all.at(-1) ?? 'all';
}

/** In the order of their colours: the models, then the baselines. */
export function modelsOf({ settings }: Report): string[] {
  return [...new Set(settings.map(({ model }) => model))];
}
