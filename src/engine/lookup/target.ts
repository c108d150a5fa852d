/** What an evaluation would predict, and which words name it, before one is started. */
import type { Document } from '../../core/corpus/document.js';
import { openCorpus } from '../../core/corpus/openCorpus.js';
import { labelled, readTarget } from '../../core/evaluate/samples/target.js';
import type { TargetParams, TargetSummary } from '../../protocol/lookup.js';
import { proposedFor } from '../job/classification/leakageWords.js';
import { evaluationParts } from '../job/evaluationParts.js';

/** @throws UserError if there is nothing to tell apart, or too few notes */
export async function summariseTarget(
  { corpus: spec, target: field, seed }: TargetParams,
  signal: AbortSignal,
): Promise<TargetSummary> {
  const corpus = await openCorpus(spec, signal);
  const documents: Document[] = [];
  for await (const document of corpus.read(signal)) documents.push(document);
  const target = readTarget(documents, field);
  const { train } = evaluationParts(documents, target, seed);
  return {
    classes: target.classes,
    words: proposedFor(target, labelled(train, target)).map(
      ({ words, notes, notesOfCategory }) => ({ words, notes, notesOfCategory }),
    ),
  };
}
