/** What the page of an evaluation is made from. */
import type { ComparisonReason, Shots, TextsName } from '../../protocol/catalogue/evaluation.js';
import type { ReportedFigure } from './numbers.js';

/** One classifier of one model with one number of labels. */
export interface ReportedSetting {
  /** As displayed. */
  readonly model: string;
  /** As displayed: "frozen", "fine-tuned". */
  readonly when: string;
  /** As displayed: "logistic regression". */
  readonly classifier: string;
  /** Whether curves and confusion matrices show it. */
  readonly isMain: boolean;
  readonly shots: Shots;
  readonly texts: TextsName;
  /** In the order of `figureNames`; `null` where it is not defined. */
  readonly figures: readonly (ReportedFigure | null)[];
  readonly seeds: number;
  /** Of a run, on average. */
  readonly seconds: number;
  readonly trainableParameters: number | null;
  /** Most that the process held during a run; `null` if it was not watched. */
  readonly memoryBytes: number | null;
  /** [classes, classes], rows are the actual classes; `null` if there is none. */
  readonly confusion: readonly number[] | null;
  readonly classes: readonly {
    readonly name: string;
    readonly precision: ReportedFigure;
    readonly recall: ReportedFigure;
    readonly f1: ReportedFigure;
    readonly support: number;
  }[];
  readonly reliability:
    | readonly { readonly meanConfidence: number | null; readonly shareRight: number | null }[]
    | null;
}

export interface ReportedComparison {
  readonly a: string;
  readonly b: string;
  readonly against: ComparisonReason;
  readonly when: string;
  readonly shots: Shots;
  readonly texts: TextsName;
  /** Of macro-F1. */
  readonly difference: ReportedFigure;
  readonly p: number;
  readonly pHolm: number;
}

export interface EvaluationReport {
  readonly title: string;
  /** As displayed. */
  readonly madeAt: string;
  /** "category" */
  readonly target: string;
  readonly classNames: readonly string[];
  readonly documents: Readonly<Record<'train' | 'validation' | 'test', number>>;
  /** "patients", or "notes". */
  readonly resampled: string;
  readonly verdict: readonly string[];
  /** As displayed; the first is what models are compared by. */
  readonly figureNames: readonly string[];
  readonly settings: readonly ReportedSetting[];
  readonly comparisons: readonly ReportedComparison[];
  /** Removed from a second version of every note; empty: there is none. */
  readonly withoutWords: readonly string[];
}
