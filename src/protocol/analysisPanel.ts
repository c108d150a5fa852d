/** Messages of the panel Analysis. */
import type { AnalyzeComparison, AnalyzedFigure } from './analysis.js';
import type { AnalysisFigureName, GroupingName } from './catalogue/analysis.js';
import type { RunHostMessage } from './panels.js';

export type AnalysisHostMessage = RunHostMessage | AnalysisContent;

/** Notes are given by their positions in `notes`. */
export interface AnalysisContent {
  readonly type: 'report';
  readonly corpus: string;
  readonly documents: number;
  /** What resamples draw: `groups` are patients. */
  readonly resampled: 'groups' | 'documents';
  readonly resamples: number;
  /** One sentence each. */
  readonly findings: readonly string[];
  /** How the figures are to be read. */
  readonly remarks: readonly string[];
  readonly categories: readonly ShownCategory[];
  readonly models: readonly ShownSpace[];
  /** Models by their displayed names. */
  readonly comparisons: readonly AnalyzeComparison[];
  readonly changes: readonly SpaceChange[];
  readonly repeated: {
    /** Of all words. */
    readonly share: number;
    readonly passages: readonly RepeatedPassage[];
  };
  /** Names as people know them; empty texts while note text is hidden. */
  readonly notes: readonly string[];
  readonly hideText: boolean;
}

export interface ShownCategory {
  readonly name: string;
  readonly documents: number;
  /** Words of notes: none while note text is hidden. */
  readonly keywords: readonly string[];
}

export interface ShownSpace {
  /** As displayed. */
  readonly name: string;
  readonly figures: Readonly<Partial<Record<AnalysisFigureName, AnalyzedFigure>>>;
  /** The graph in a sentence. */
  readonly graph: string;
  /** Of the most frequent categories, each with itself too. */
  readonly pairs: readonly {
    readonly first: string;
    readonly second: string;
    readonly cosine: AnalyzedFigure | null;
    /** `null` of a category with itself. */
    readonly separation: AnalyzedFigure | null;
  }[];
  /** Shares of pairs by cosine, in bars of equal width from -1 to 1. */
  readonly histogram: { readonly within: readonly number[]; readonly between: readonly number[] };
  /** Largest first. */
  readonly groups: Readonly<Record<GroupingName, readonly ShownGroup[]>>;
  /** Notes that may be mislabelled. */
  readonly mislabels: readonly {
    readonly note: number;
    readonly category: string;
    readonly neighboursAre: string;
    /** Of the neighbours. */
    readonly share: number;
  }[];
}

export interface ShownGroup {
  readonly size: number;
  readonly category: { readonly name: string; readonly share: number } | null;
  /** Words of notes: none while note text is hidden. */
  readonly keywords: readonly string[];
  /** Nearest to its mean. */
  readonly typical: readonly number[];
  /** Farthest from its mean. */
  readonly odd: readonly number[];
}

/** From `b` to `a`. */
export interface SpaceChange {
  readonly a: string;
  readonly b: string;
  /** Mean share of neighbours that a note has in both. */
  readonly overlap: AnalyzedFigure;
  /** How far apart pairs of categories are. */
  readonly separations: readonly {
    readonly first: string;
    readonly second: string;
    readonly before: number;
    readonly after: number;
    readonly difference: AnalyzeComparison['difference'];
    readonly pHolm: number;
  }[];
  /** Notes with the fewest neighbours in common first. */
  readonly moved: readonly {
    readonly note: number;
    readonly overlap: number;
    /** Most frequent category among its neighbours. */
    readonly from: string | null;
    readonly to: string | null;
  }[];
}

export interface RepeatedPassage {
  readonly documents: number;
  /** Patients; `null` where they are not known. */
  readonly groups: number | null;
  readonly words: number;
  /** A note that has it. */
  readonly first: number;
  /** `null` if it was not asked for, or while note text is hidden. */
  readonly text: string | null;
}
