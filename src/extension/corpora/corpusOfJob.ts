/** Which corpus a job is about: names and sources alone are shared by several. */
import { basename, dirname } from 'node:path';
import type { FieldMapping, FieldRole } from '../../protocol/catalogue/fieldRoles.js';
import type { CorpusSpec, JobSpec } from '../../protocol/run.js';

export interface FolderJob {
  /** The run folder. */
  readonly folder: string;
  readonly spec: JobSpec;
}

/** What tells the corpora of a window apart. */
interface KnownCorpus {
  readonly name: string;
  readonly spec: CorpusSpec;
  readonly store: string;
  readonly runs: string;
}

export function corpusOfJob<Corpus extends KnownCorpus>(
  corpora: readonly Corpus[],
  { folder, spec }: FolderJob,
): Corpus | null {
  if (spec.kind === 'import') return null;
  if (spec.kind === 'project' || spec.kind === 'index') {
    return corpora.find(({ store }) => store === spec.store) ?? null;
  }
  const { source, mapping } = spec.corpus;
  const found = corpora.find(
    (corpus) =>
      corpus.runs === dirname(folder) &&
      corpus.spec.source === source &&
      isSameMapping(corpus.spec.mapping, mapping),
  );
  return found ?? null;
}

/** The name of its corpus, of the folder or file that the corpus was, or of the model that it brings. */
export function jobSubject(corpora: readonly KnownCorpus[], job: FolderJob): string {
  const { spec } = job;
  if (spec.kind === 'import') return basename(spec.target);
  const known = corpusOfJob(corpora, job);
  return known?.name ?? basename(spec.kind === 'project' ? spec.store : spec.corpus.source);
}

type Mapping = Partial<FieldMapping>;

/** A part that is not mapped by hand and one that was never mentioned are the same. */
function isSameMapping(a: Mapping, b: Mapping): boolean {
  const parts = new Set([...Object.keys(a), ...Object.keys(b)]) as Set<FieldRole>;
  return [...parts].every((part) => a[part] === b[part]);
}
