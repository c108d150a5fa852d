/** What the parts of a study have given so far, by group. */
import type { AnalysisFigureName } from '../../protocol/catalogue/analysis.js';
import type {
  ComparisonReason,
  Figures,
  Shots,
  TextsName,
} from '../../protocol/catalogue/evaluation.js';
import type { FigureName, ProtocolName } from '../../protocol/catalogue/protocols.js';
import type { StudyModel, StudyRecipeName } from '../../protocol/catalogue/study.js';
import type { Interval } from '../analyze/space/bootstrap.js';

export interface StudyOutcome {
  /** In the order of tables: each base before what was made of it. */
  readonly models: readonly StudyModel[];
  readonly trained: readonly TrainedPart[];
  readonly classified: readonly ClassifiedPart[];
  readonly spaces: readonly SpacePart[];
  readonly forgottenWords: readonly WordsPart[];
  readonly forgottenSpaces: readonly SpacePart[];
}

export interface TrainedPart {
  readonly group: string;
  readonly recipe: StudyRecipeName;
  readonly result: {
    readonly steps: number;
    readonly tokens: number;
    readonly heldOutLoss: { readonly before: number; readonly after: number };
    readonly merge?: Merge | null;
  };
}

/** Of a trained model with its base; the share of the trained one that validation chose. */
export interface Merge {
  readonly ratio: number;
  readonly candidates: readonly {
    readonly ratio: number;
    readonly heldOutLoss: number;
    readonly neighbours: number | null;
  }[];
}

export interface ClassifiedPart {
  readonly group: string;
  readonly target: string;
  /** A part of fine-tuning holds both, so that they can be compared. */
  readonly protocol: 'frozen' | 'fine-tuning';
  readonly shots: readonly Shots[];
  readonly result: ClassifiedResult;
  /** Models whose training saw what is predicted. */
  readonly sawTarget: readonly string[];
}

/** Absent lists: nothing of the kind. */
export interface ClassifiedResult {
  readonly summary?: readonly Summary[];
  readonly comparisons?: readonly BaseComparison[];
  readonly contrasts?: readonly Contrasted[];
  readonly verdict: readonly string[];
}

export interface Estimate {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

export interface Summary {
  readonly model: string;
  readonly protocol: ProtocolName;
  readonly shots: Shots;
  /** Absent: whole. */
  readonly texts?: TextsName;
  readonly figures: Readonly<Partial<Record<FigureName, Estimate>>>;
}

/** `a` against `b` by macro-F1. */
export interface BaseComparison {
  readonly a: string;
  readonly b: string;
  readonly against?: ComparisonReason;
  readonly protocol: ProtocolName;
  readonly shots: Shots;
  readonly texts?: TextsName;
  readonly difference: Estimate;
  readonly p: number;
  readonly pHolm: number;
}

export interface Side {
  readonly model: string;
  readonly protocol: ProtocolName;
}

export interface Contrasted {
  readonly a: Side;
  readonly b: Side;
  readonly shots: Shots;
  readonly texts?: TextsName;
  readonly difference: Estimate;
  readonly p: number;
}

export interface SpacePart {
  readonly group: string;
  readonly result: {
    readonly documents: number;
    readonly models: readonly {
      readonly model: string;
      readonly figures: Readonly<Partial<Record<AnalysisFigureName, Interval>>>;
    }[];
    readonly contrasts?: readonly {
      readonly a: string;
      readonly b: string;
      readonly figure: AnalysisFigureName;
      readonly difference: Estimate;
      readonly p: number;
    }[];
  };
  /** Mean share of nearest neighbours that notes have in common with the base. */
  readonly overlaps: readonly { readonly model: string; readonly overlap: Interval }[];
  readonly maps: Maps | null;
}

/** Notes on a map for each model; `category` indexes `categories`, -1 for none. */
export interface Maps {
  readonly categories: readonly string[];
  readonly category: readonly number[];
  readonly models: readonly {
    readonly model: string;
    readonly x: readonly number[];
    readonly y: readonly number[];
  }[];
}

export interface WordsPart {
  readonly group: string;
  readonly result: {
    readonly documents: number;
    readonly results: readonly (Figures & { readonly model: string })[];
  };
}
