/** Reads a run's documents as tokens. */
import { failure } from '../base/errors.js';
import type { Document } from '../corpus/document.js';
import { sampleDataset, tokenizeDocuments } from '../tokens/dataset.js';
import type { Dataset } from '../tokens/dataset.js';
import type { Tokenizer } from '../tokens/tokenizer.js';
import type { TrainingConfig } from './config.js';

/** The part of a run's options that says what to read. */
export interface DataOptions {
  readonly tokenizer: Tokenizer;
  readonly trainDocuments: readonly Document[];
  readonly heldOutDocuments: readonly Document[];
  readonly training: Pick<TrainingConfig, 'heldOutTokens'>;
  readonly seed: number;
  readonly signal?: AbortSignal;
  readonly onProgress: (progress: {
    readonly phase: string;
    readonly done: number;
    readonly total: number;
    readonly unit: string;
  }) => void;
}

export interface RunData {
  readonly dataset: Dataset;
  readonly heldOut: Dataset;
}

export async function readData(options: DataOptions): Promise<RunData> {
  const { training, seed } = options;
  const dataset = await tokenize(options, options.trainDocuments);
  const allHeldOut = await tokenize(options, options.heldOutDocuments);
  if (dataset.documents.length === 0) {
    throw failure('No document is left to train on: add documents or lower heldOutFraction.');
  }
  if (allHeldOut.documents.length === 0) {
    throw failure('No document is left to hold out: add documents or raise heldOutFraction.');
  }
  return { dataset, heldOut: sampleDataset(allHeldOut, training.heldOutTokens, seed) };
}

async function tokenize(
  { tokenizer, signal, onProgress }: DataOptions,
  documents: readonly Document[],
): Promise<Dataset> {
  return tokenizeDocuments(documents, tokenizer, signal, (done) => {
    onProgress({ phase: 'Reading notes', done, total: documents.length, unit: 'notes' });
  });
}
