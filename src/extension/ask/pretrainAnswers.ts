/** What the questions of *Pre-train…* settle. */
import type { ObjectiveName } from '../../protocol/catalogue/objectives.js';
import type { PretrainJob } from '../../protocol/pretraining.js';
import type { Corpus } from '../corpora/corpora.js';
import type { Step } from './steps.js';

/** `saved`: use the saved configuration of this objective; `edit`: open it first. */
export type Length = 'saved' | 'edit' | SetLength;

export interface SetLength {
  /** Of the answer, to offer it again. */
  readonly name: string;
  readonly maxSteps: number | null;
  readonly config: PretrainJob['config'];
}

/** Filled in question by question. */
export interface PretrainAnswers {
  readonly corpus: Corpus | null;
  readonly objective: ObjectiveName | null;
  /** Absolute path of the model's folder. */
  readonly base: string | null;
  readonly length: Length | null;
}

export type PretrainStep = Step<PretrainAnswers>;
