/** How models are compared, and what that gives. */
import type { DeviceName } from './catalogue/devices.js';
import type { ComparisonReason, Figures, Shots, TextsName } from './catalogue/evaluation.js';
import type { FigureName, ProtocolName } from './catalogue/protocols.js';
import type { CorpusSpec } from './corpusSpec.js';

export interface EvaluateJob {
  readonly kind: 'evaluate';
  readonly protocol: ProtocolName;
  /** A second protocol on the same notes, if both have a target. */
  readonly also?: ProtocolName;
  readonly corpus: CorpusSpec;
  readonly models: readonly string[];
  readonly seed: number;
  /** Where to compute; absent: automatic. */
  readonly device?: DeviceName;
  /** For protocols with a target. */
  readonly classification?: ClassificationSpec;
}

/** The words that the program finds by itself. */
export const proposedWords = 'proposed';

export interface ClassificationSpec {
  /** What is to be predicted: a role, or a column that the corpus keeps. */
  readonly target: string;
  /** Whether a note has one label or several; `auto`: several where labels are written as lists. */
  readonly labels: 'auto' | 'one' | 'several';
  /** Labels per class; `all` for every training note. */
  readonly shots: readonly Shots[];
  /** Number of seeds; `null`: what the protocol usually takes. */
  readonly seeds: number | null;
  /**
   * Words that name what is to be predicted: everything is measured a second time without them;
   * `proposed`: those of the class names; empty: measured only once.
   */
  readonly withoutWords: readonly string[] | typeof proposedWords;
  /** Settings of fine-tuning that differ from the usual ones. */
  readonly fineTuning: Readonly<Record<string, unknown>>;
  /** Index of the corpus, whose vectors are used where its model is evaluated; `null`: none. */
  readonly store: string | null;
  /** Comparisons beside those with bases and words, planned by whoever asks; absent: none. */
  readonly contrasts?: readonly AskedContrast[];
}

/** A model as a protocol uses it. */
export interface ContrastSide {
  readonly model: string;
  readonly protocol: ProtocolName;
}

/** `a` against `b`, with every number of labels that both were measured with. */
export interface AskedContrast {
  readonly a: ContrastSide;
  readonly b: ContrastSide;
}

/** Results of one model: its figures and its name. */
export type EvaluateRow = Figures & {
  /** Absolute path of its folder, or the name of a baseline. */
  readonly model: string;
  readonly protocol: ProtocolName;
  /** Absent if the protocol trains nothing. */
  readonly shots?: Shots;
  /** Seed of the draws; absent if it is the job's own. */
  readonly seed?: number;
  /** Which texts were read; absent: whole ones. */
  readonly texts?: TextsName;
};

/** A mean over seeds, with its 95 % interval. */
export interface Estimate {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** One model in one protocol with one number of labels, over all seeds. */
export interface EvaluateSummary {
  readonly model: string;
  readonly protocol: ProtocolName;
  readonly shots: Shots;
  /** Absent: whole. */
  readonly texts?: TextsName;
  readonly figures: Readonly<Partial<Record<FigureName, Estimate>>>;
}

/** `a` against `b` by macro-F1, planned before anything was measured. */
export interface EvaluateComparison {
  readonly a: string;
  readonly b: string;
  /** Absent in results of earlier versions. */
  readonly against?: ComparisonReason;
  readonly protocol: ProtocolName;
  readonly shots: Shots;
  /** Absent: whole. */
  readonly texts?: TextsName;
  readonly difference: Estimate;
  /** Of no difference, two-sided. */
  readonly p: number;
  /** Adjusted for the number of comparisons on these texts, by Holm. */
  readonly pHolm: number;
}

/** An asked comparison, by macro-F1. */
export interface EvaluateContrast extends AskedContrast {
  readonly shots: Shots;
  /** Absent: whole. */
  readonly texts?: TextsName;
  readonly difference: Estimate;
  /** Of no difference, two-sided. */
  readonly p: number;
}

export interface EvaluateResult {
  readonly kind: 'evaluate';
  /** Absent before classification was measured. */
  readonly summary?: readonly EvaluateSummary[];
  readonly comparisons?: readonly EvaluateComparison[];
  /** Absent if none were asked for. */
  readonly contrasts?: readonly EvaluateContrast[];
  readonly documents: number;
  /** Number of masked tokens in a loss; `null` if none were masked. */
  readonly maskedTokens: number | null;
  readonly results: readonly EvaluateRow[];
  /** One sentence per finding or warning, including overlap with training documents. */
  readonly verdict: readonly string[];
  /**
   * Held-out notes excluded because a model was trained on them; `null`: the model does not say.
   */
  readonly leakage?: readonly { readonly model: string; readonly documents: number | null }[];
}
