/** A study as data: what is asked for, and the plan that is made of it. */
import type { StudyPresetName, StudyRecipeName } from '../../protocol/catalogue/study.js';

/** What a plan depends on. */
export interface StudyRequest {
  readonly corpus: { readonly source: string };
  /** Notes that nothing is trained on; `null`: none. */
  readonly forgettingCorpus: { readonly source: string } | null;
  readonly recipes: readonly StudyRecipeName[];
  /** Fields to predict. */
  readonly targets: readonly string[];
  readonly preset: StudyPresetName;
  /** `null`: that of the preset, or none where `steps` are given. */
  readonly budgetSeconds: number | null;
  /** Steps of every recipe; `null`: as the preset and the budget say. */
  readonly steps: number | null;
  readonly device: string;
  readonly seed: number;
}

/** A base with what was made of it, or the models that are evaluated as they are. */
export interface StudyGroup {
  /** "bundled": unique, and usable in a folder's name. */
  readonly name: string;
  /** The base as the request has it; `null`: further models. */
  readonly base: string | null;
}

interface PartCommon {
  /** Name of its run folder; changes with everything that its outcome depends on. */
  readonly id: string;
  readonly group: string;
  /** Ids of parts that must be done before. */
  readonly after: readonly string[];
  /** It is left out where the budget is spent. */
  readonly optional: boolean;
  /** Estimated. */
  readonly seconds: number;
}

/** One child, as data: the engine makes a job of it once the parts before it are done. */
export type StudyPart =
  | (PartCommon & {
      readonly kind: 'train';
      readonly recipe: StudyRecipeName;
      readonly steps: number;
      readonly config: Readonly<Record<string, unknown>>;
    })
  | (PartCommon & {
      readonly kind: 'frozen';
      readonly target: string;
      readonly shots: readonly (number | 'all')[];
      readonly seeds: number;
      readonly withoutWords: boolean;
    })
  | (PartCommon & {
      readonly kind: 'fine-tuned';
      readonly target: string;
      readonly shots: number | 'all';
      readonly seeds: number;
    })
  | (PartCommon & { readonly kind: 'space' })
  | (PartCommon & { readonly kind: 'forgotten-words' })
  | (PartCommon & { readonly kind: 'forgotten-space' });

export type StudyPartKind = StudyPart['kind'];

/** What the notes are, as far as the plan depends on it. */
export interface StudyData {
  readonly documents: number;
  readonly train: number;
  readonly heldOut: number;
  readonly categories: number;
  /** Of ids, texts, parts, groups and fields: changes when the corpus does. */
  readonly fingerprint: string;
  readonly hasOwnSplit: boolean;
  readonly hasGroups: boolean;
  /** Classes of each target, in the order of the job. */
  readonly classes: readonly number[];
  /** Column that takes the place of the category in clusters, where notes have none; `null`: they have. */
  readonly clusterField: string | null;
}

/** Written once, so that every worker and every later call does the same. */
export interface StudyPlan<Request extends StudyRequest = StudyRequest> {
  readonly format: 1;
  readonly job: Request;
  readonly data: StudyData;
  readonly groups: readonly StudyGroup[];
  readonly parts: readonly StudyPart[];
  /** Estimated time of all parts, one after the other. */
  readonly seconds: number;
  readonly budgetSeconds: number | null;
  /** What was cut to fit the budget, and what cannot be done with these notes: one sentence each. */
  readonly cuts: readonly string[];
}
