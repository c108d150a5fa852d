/** How embedding spaces are analysed, and what that gives. */
import type { AnalysisFigureName, EdgeRule } from './catalogue/analysis.js';
import type { DeviceName } from './catalogue/devices.js';
import type { CorpusSpec } from './corpusSpec.js';

/** In the run folder: everything that was measured. */
export const analysisReportName = 'report.json';

/** Measures the embedding spaces of models, and compares them. */
export interface AnalyzeJob {
  readonly kind: 'analyze';
  readonly corpus: CorpusSpec;
  readonly models: readonly string[];
  readonly device: DeviceName;
  readonly seed: number;
  /** Neighbours of each note. */
  readonly neighbours: number;
  readonly edges: EdgeRule;
  /** Least cosine of an edge; `null`: any. */
  readonly threshold: number | null;
  /** Clusters of k-means; `null`: as many as there are categories. */
  readonly clusters: number | null;
  /** Whether the report shows the passages that recur, which are note text. */
  readonly withText: boolean;
  /** Index of the corpus, whose vectors are used where its model is analysed; `null`: none. */
  readonly store: string | null;
  /** Pairs of models that are compared beside each with its base; absent: none. */
  readonly contrasts?: readonly { readonly a: string; readonly b: string }[];
  /** Also lays the notes out on a map for each model, turned onto that of the first; absent: no. */
  readonly maps?: boolean;
}

/** In the run folder, where maps were asked for. */
export const mapsName = 'maps.json';

/** The notes on a map for each model, turned onto that of the first. */
export interface AnalysisMaps {
  readonly format: 1;
  readonly categories: readonly string[];
  /** Index into `categories` by note, -1 for none. */
  readonly category: readonly number[];
  readonly models: readonly {
    /** Absolute path of its folder. */
    readonly model: string;
    /** By note. */
    readonly x: readonly number[];
    readonly y: readonly number[];
  }[];
}

/** A figure with its 95 % interval; `null` where it is not defined. */
export interface AnalyzedFigure {
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

export interface AnalyzedModel {
  /** Absolute path of its folder. */
  readonly model: string;
  readonly figures: Readonly<Partial<Record<AnalysisFigureName, AnalyzedFigure>>>;
  readonly clusters: number;
  readonly denseClusters: number;
  readonly communities: number;
  readonly edges: number;
  readonly components: number;
  /** Notes that may be mislabelled. */
  readonly mislabels: number;
}

/** `a` against `b` on the same notes and resamples. */
export interface AnalyzeComparison {
  readonly a: string;
  readonly b: string;
  readonly figure: AnalysisFigureName;
  readonly difference: { readonly mean: number; readonly low: number; readonly high: number };
  /** Of no difference, two-sided. */
  readonly p: number;
  /** Adjusted for the number of figures, by Holm. */
  readonly pHolm: number;
}

export interface AnalyzeResult {
  readonly kind: 'analyze';
  readonly documents: number;
  readonly models: readonly AnalyzedModel[];
  readonly comparisons: readonly AnalyzeComparison[];
  /** Absent if none were asked for; `pHolm` as in `comparisons`. */
  readonly contrasts?: readonly AnalyzeComparison[];
  /** One sentence each. */
  readonly findings: readonly string[];
  /** What the figures were computed with. */
  readonly settings: Readonly<Record<string, string | number | boolean | null>>;
  /** Notes that each model was trained on; `null`: the model does not say. */
  readonly leakage: readonly { readonly model: string; readonly documents: number | null }[];
}
