/** Finds the notes that models were trained on, from their records alone: no weights are loaded. */
import type { Document } from '../corpus/document.js';
import { overlap } from './trainingHashes.js';
import type { TrainingHashes } from './trainingHashes.js';

export interface TrainedModel {
  /** Folder of the model. */
  readonly model: string;
  /** From `readTrainingRecord`; `null` if it does not say. */
  readonly trainingHashes: TrainingHashes | null;
}

export interface SeenCount {
  readonly model: string;
  /** Number of the documents that the model was trained on; `null` if it does not say. */
  readonly documents: number | null;
}

export interface UnseenDocuments {
  /** Documents that no model was trained on, so that all are measured on the same ones. */
  readonly unseen: Document[];
  readonly seen: readonly SeenCount[];
}

export function withoutSeen(
  documents: readonly Document[],
  models: readonly TrainedModel[],
): UnseenDocuments {
  const texts = documents.map(({ text }) => text);
  const positions = new Set<number>();
  const seen = models.map(({ model, trainingHashes }) => {
    const known = trainingHashes === null ? null : overlap(trainingHashes, texts);
    known?.forEach((position) => positions.add(position));
    return { model, documents: known?.length ?? null };
  });
  return { unseen: documents.filter((_, position) => !positions.has(position)), seen };
}

/**
 * @param what the documents that were looked through: "held-out notes"
 * @param nameOf the name of a model for messages
 */
export function seenSentences(
  seen: readonly SeenCount[],
  what: string,
  nameOf: (model: string) => string,
): string[] {
  const known = seen.flatMap(({ model, documents }) =>
    documents === null || documents === 0
      ? []
      : `${nameOf(model)} was trained on ${documents} of the ${what}: they were left out for every model.`,
  );
  const unknown = seen.flatMap(({ model, documents }) =>
    documents === null
      ? `${nameOf(model)} does not say what it was trained on: it may have seen these notes.`
      : [],
  );
  return [...known, ...unknown];
}
