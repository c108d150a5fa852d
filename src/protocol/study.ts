/** A study: how it is asked for, what it plans, what it gives. It is a job of jobs, each with a run folder of its own. */
import type { DeviceName } from './catalogue/devices.js';
import type {
  StudyFinding,
  StudyModel,
  StudyPresetName,
  StudyRecipeName,
} from './catalogue/study.js';
import type { CorpusSpec } from './corpusSpec.js';

/** Beside the files of every run folder. */
export const studyFileNames = {
  plan: 'plan.json',
  /** Folder of the run folders of its parts. */
  parts: 'runs',
  report: 'report.json',
  page: 'report.html',
} as const;

export interface StudyJob {
  readonly kind: 'study';
  readonly corpus: CorpusSpec;
  /** Notes that nothing is trained on: what adapted models forgot shows there. `null`: not measured. */
  readonly forgettingCorpus: CorpusSpec | null;
  /** Absolute paths of Hugging Face folders, or `bundled`. */
  readonly bases: readonly string[];
  /** Further models that are evaluated as they are. */
  readonly models: readonly string[];
  readonly recipes: readonly StudyRecipeName[];
  /** Fields to predict: roles, or columns that the corpus keeps. */
  readonly targets: readonly string[];
  readonly preset: StudyPresetName;
  /** `null`: that of the preset, or none where `steps` are given. */
  readonly budgetSeconds: number | null;
  /** Steps of every recipe; `null`: as the preset and the budget say. */
  readonly steps: number | null;
  readonly device: DeviceName;
  readonly seed: number;
}

export interface StudyResult {
  readonly kind: 'study';
  /** Absolute path of the page. */
  readonly report: string;
  readonly models: readonly StudyModel[];
  readonly findings: readonly StudyFinding[];
  /** Parts that failed or were left out, with the reason: one sentence each. */
  readonly missing: readonly string[];
}
