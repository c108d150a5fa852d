/** Reads a job's corpus into memory, and reports what could not be read. */
import { basename } from 'node:path';

import { usageError } from '../../core/base/errors.js';
import { plural } from '../../core/base/wording.js';
import type { Corpus } from '../../core/corpus/corpus.js';
import type { Document, Problem } from '../../core/corpus/document.js';
import { openCorpus } from '../../core/corpus/openCorpus.js';
import { withoutPatients } from '../../protocol/catalogue/fieldRoles.js';
import type { CorpusSpec } from '../../protocol/corpusSpec.js';
import type { JobContext } from './context.js';

export interface LoadedCorpus {
  readonly corpus: Corpus;
  readonly documents: readonly Document[];
}

/** What reading needs of a job. */
export type ReadingContext = Pick<JobContext, 'signal' | 'place' | 'onProgress' | 'note'>;

export async function loadDocuments(
  spec: CorpusSpec,
  context: ReadingContext,
): Promise<LoadedCorpus> {
  const { signal, place, onProgress } = context;
  const corpus = await openCorpus(spec, signal, place);
  const documents: Document[] = [];
  const report = (total: number | null): void =>
    onProgress({ phase: 'Reading notes', done: documents.length, total, unit: 'notes' });
  for await (const document of corpus.read(signal)) {
    documents.push(document);
    if (documents.length % 1000 === 0) report(null);
  }
  if (documents.length === 0) throw noNotes(spec, corpus.problems);
  report(documents.length);
  noteProblems(corpus, context);
  if (documents.every(({ group }) => group === null)) context.note(withoutPatients);
  return { corpus, documents };
}

/** @param problems the reasons; the first is shown */
export function noNotes(spec: CorpusSpec, problems: readonly Problem[]): Error {
  const first = problems.find((problem) => problem.skipped) ?? problems[0];
  const reason =
    first === undefined
      ? ''
      : ` (${plural(problems.length, 'problem')}, the first in ${first.where}: ${first.what})`;
  return usageError(
    `${spec.source} holds no note that can be read${reason}: choose another corpus, or name its text field.`,
  );
}

export function noteProblems(corpus: Corpus, { note }: Pick<JobContext, 'note'>): void {
  const { problems, skipped, source } = corpus;
  const first = problems.find((problem) => problem.skipped) ?? problems[0];
  if (first === undefined) return;
  const remarks = problems.filter((problem) => !problem.skipped).length;
  const said: string[] = [];
  if (skipped > 0) said.push(plural(skipped, 'record was skipped', 'records were skipped'));
  if (remarks > 0) said.push(plural(remarks, 'remark'));
  const where = `${basename(source)}: ${said.join(', ')} (${first.where}: ${first.what})`;
  note(skipped + remarks === 1 ? where : `${where}; notespace corpus lists them.`);
}
