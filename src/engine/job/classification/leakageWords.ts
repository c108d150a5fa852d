/** The words that name the classes of a target: proposed to be edited, or taken as they are. */
import { proposeLeakageWords } from '../../../core/evaluate/leakage/words.js';
import type { LeakageWord } from '../../../core/evaluate/leakage/words.js';
import type { LabelledDocuments, Target } from '../../../core/evaluate/samples/target.js';
import { proposedWords } from '../../../protocol/evaluation.js';
import type { ClassificationSpec } from '../../../protocol/evaluation.js';

/** From training notes alone, so that the list does not depend on test notes. */
export function proposedFor(target: Target, train: LabelledDocuments): LeakageWord[] {
  const notes = train.documents.map(({ text }, i) => ({
    text,
    categories: (train.classes[i] ?? []).map((k) => target.classes[k]!),
  }));
  return proposeLeakageWords(target.classes, notes);
}

export function wordsToRemove(
  { withoutWords }: ClassificationSpec,
  target: Target,
  train: LabelledDocuments,
): readonly string[] {
  if (withoutWords !== proposedWords) return withoutWords;
  return proposedFor(target, train).map(({ words }) => words);
}
