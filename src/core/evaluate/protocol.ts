/**
 * The interface of an evaluation protocol. The caller has read and split the notes and left out
 * those that a model was trained on; the protocol measures the models on the rest.
 */
import type { Figures, Shots } from '../../protocol/catalogue/evaluation.js';
import type { FieldMapping } from '../../protocol/catalogue/fieldRoles.js';
import type { Backend } from '../backend/backend.js';
import type { Document } from '../corpus/document.js';
import type { Model } from '../model/readModel.js';
import type { Tokenizer } from '../tokens/tokenizer.js';
import type { Classified } from './classification/classifier.js';
import type { Material } from './classification/material.js';
import type { Run } from './classification/runs.js';
import type { FineTuningSettings } from './fineTuning/settings.js';

/** A model to evaluate; loaded in turn, since few fit into memory at once. */
export interface Candidate {
  /** Absolute path. */
  readonly folder: string;
  /** Its name in messages. */
  readonly name: string;
  load(): Promise<LoadedModel>;
}

/** `categoryField`: the field whose categories it was trained on. */
export type LoadedModel = Pick<
  Model,
  'config' | 'parameters' | 'sentence' | 'hasMlmHead' | 'categoryField'
> & {
  readonly tokenizer: Tokenizer;
};

export interface EvaluationSetup {
  /** In the order of the table; the first is the baseline for the others. */
  readonly candidates: readonly Candidate[];
  /** The mapped fields; those that the protocol needs are present. */
  readonly mapping: FieldMapping;
  /** What a protocol may train on. */
  readonly train: readonly Document[];
  /** Notes to measure on; as far as the models say, none was trained on any of them. */
  readonly heldOut: readonly Document[];
  /** For a protocol that trains: numbers of notes per class, each used once per seed. */
  readonly shots: readonly Shots[];
  /** Seeds for all random draws; a protocol that trains nothing uses the first. */
  readonly seeds: readonly [number, ...number[]];
  /** The device that measures and trains. */
  readonly backend: Backend;
  readonly threads: number;
  readonly signal: AbortSignal;
  /** Awaited between units of work; pending while the run is paused. */
  readonly pauseGate: () => Promise<void>;
  readonly onProgress: (progress: EvaluationProgress) => void;
  /** Reports a remark for the user: one sentence, without note text. */
  readonly note: (sentence: string) => void;
  /** What is to be predicted; `null` for a protocol without a target. */
  readonly classification: Classification | null;
}

/** What a protocol is given that predicts the classes of notes. */
export interface Classification {
  readonly material: Material;
  /** A model like the first candidate, with random weights. */
  readonly untrained: Candidate;
  /** Vectors of whole texts [texts, dimension]; computed once for each model and text. */
  readonly embed: (
    candidate: Candidate,
    texts: readonly string[],
  ) => Promise<{ readonly vectors: Float32Array; readonly dimension: number }>;
  /** Whether a test note and a training note, by their positions, are of one group or near-copies. */
  readonly belongTogether: (test: number, train: number) => boolean;
  readonly fineTuning: Partial<FineTuningSettings>;
  readonly availableMemoryBytes: number | null;
  readonly residentBytes: () => number;
  /** What an earlier, interrupted evaluation computed under the same key, or what `compute` gives. */
  readonly once: (key: string, compute: () => Promise<Classified>) => Promise<Classified>;
  /** A clock in milliseconds. */
  readonly now: () => number;
}

export interface EvaluationProgress {
  /** "Evaluating NAME" */
  readonly phase: string;
  readonly done: number;
  readonly total: number | null;
  readonly unit: string;
}

export interface EvaluationRow {
  /** The folder of a candidate, or the name of a baseline that is not a model. */
  readonly model: string;
  /** `null` if nothing was trained. */
  readonly shots: Shots | null;
  readonly seed: number;
  /** The figures that the catalogue lists for the protocol. */
  readonly figures: Figures;
}

export interface Evaluation {
  readonly rows: readonly EvaluationRow[];
  /** One sentence per finding. */
  readonly verdict: readonly string[];
  /** Number of masked tokens; `null` if none were masked. */
  readonly maskedTokens: number | null;
  /** Of a protocol that predicts classes: rows, intervals and verdict follow from them. */
  readonly runs?: readonly ModelRuns[];
}

export interface ModelRuns {
  /** The folder of a candidate, or the name of a baseline that is not a model. */
  readonly model: string;
  /** Whether comparisons and the verdict speak of them; of one classifier for each model. */
  readonly isMain: boolean;
  /** Of one classifier. */
  readonly runs: readonly Run[];
}

export type EvaluationProtocol = (setup: EvaluationSetup) => Promise<Evaluation>;
