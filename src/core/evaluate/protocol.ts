/**
 * What a way of evaluating is given, and what it gives back. Whoever runs it has read the notes, split
 * them, and left out what a model was trained on; the protocol says what the models make of the rest.
 */
import type { Figures, Shots } from '../../protocol/catalogue/evaluation.js';
import type { FieldMapping } from '../../protocol/catalogue/fieldRoles.js';
import type { Backend } from '../backend/backend.js';
import type { Document } from '../corpus/document.js';
import type { Model } from '../model/readModel.js';
import type { Tokenizer } from '../tokens/tokenizer.js';

/** A model that is evaluated: read when its turn comes, since few fit into memory at once. */
export interface Candidate {
  /** Absolute path. */
  readonly folder: string;
  /** What sentences call it. */
  readonly name: string;
  load(): Promise<LoadedModel>;
}

/** `categoryField`: the field of the notes whose values it has learned to tell apart. */
export type LoadedModel = Pick<Model, 'config' | 'parameters' | 'hasMlmHead' | 'categoryField'> & {
  readonly tokenizer: Tokenizer;
};

export interface EvaluationSetup {
  /** In the order of the table: the others are compared with the first. */
  readonly candidates: readonly Candidate[];
  /** Which fields of the notes play a part; those that the protocol needs are there. */
  readonly mapping: FieldMapping;
  /** What a protocol may train on. */
  readonly train: readonly Document[];
  /** What it measures on: no model was trained on any of it, as far as the models say. */
  readonly heldOut: readonly Document[];
  /** For a protocol that trains: how many notes of each class, each once a seed. */
  readonly shots: readonly Shots[];
  /** For everything that is drawn; a protocol that trains nothing takes the first. */
  readonly seeds: readonly [number, ...number[]];
  /** Where models are measured and trained. */
  readonly backend: Backend;
  readonly threads: number;
  readonly signal: AbortSignal;
  /** Awaited between units of work: stays pending while the run is paused. */
  readonly pauseGate: () => Promise<void>;
  readonly onProgress: (progress: EvaluationProgress) => void;
  /** A remark for the user: one sentence, without note text. */
  readonly note: (sentence: string) => void;
}

export interface EvaluationProgress {
  /** "Evaluating NAME" */
  readonly phase: string;
  readonly done: number;
  readonly total: number | null;
  readonly unit: string;
}

export interface EvaluationRow {
  /** The folder of a candidate, or the name of a baseline that is no model. */
  readonly model: string;
  /** `null` where nothing was trained. */
  readonly shots: Shots | null;
  readonly seed: number;
  /** Those that the catalogue names for the protocol. */
  readonly figures: Figures;
}

export interface Evaluation {
  readonly rows: readonly EvaluationRow[];
  /** One sentence per finding. */
  readonly verdict: readonly string[];
  /** Tokens that were masked and guessed; `null` where none were. */
  readonly maskedTokens: number | null;
}

export type EvaluationProtocol = (setup: EvaluationSetup) => Promise<Evaluation>;
