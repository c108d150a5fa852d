/** Finds the corpus of a job: name or source alone may be shared by several corpora. */
import { basename, dirname } from 'node:path';
import type { FieldMapping, FieldRole } from '../../protocol/catalogue/fieldRoles.js';
import type { CorpusSpec } from '../../protocol/corpusSpec.js';
import type { JobSpec } from '../../protocol/run.js';

export interface FolderJob {
  /** The run folder. */
  readonly folder: string;
  readonly spec: JobSpec;
}

/** The fields that distinguish the corpora of a window. */
interface KnownCorpus {
  readonly name: string;
  readonly spec: CorpusSpec;
  readonly store: string;
  readonly indexes: readonly { readonly store: string }[];
  readonly runs: string;
}

export function corpusOfJob<Corpus extends KnownCorpus>(
  corpora: readonly Corpus[],
  { folder, spec }: FolderJob,
): Corpus | null {
  if (spec.kind === 'import') return null;
  if (spec.kind === 'project' || spec.kind === 'index') {
    return (
      corpora.find(({ store, indexes }) =>
        [store, ...indexes.map((index) => index.store)].includes(spec.store),
      ) ?? null
    );
  }
  const { source, mapping, only } = spec.corpus;
  const found = corpora.find(
    (corpus) =>
      corpus.runs === dirname(folder) &&
      corpus.spec.source === source &&
      corpus.spec.only === only &&
      isSameMapping(corpus.spec.mapping, mapping),
  );
  return found ?? null;
}

/** Name of the job's corpus, or of the folder or file it came from, or of the imported model. */
export function jobSubject(corpora: readonly KnownCorpus[], job: FolderJob): string {
  const { spec } = job;
  if (spec.kind === 'import') return basename(spec.target);
  const known = corpusOfJob(corpora, job);
  return known?.name ?? basename(spec.kind === 'project' ? spec.store : spec.corpus.source);
}

type Mapping = Partial<FieldMapping>;

/** A role mapped to `undefined` equals a role that is absent. */
function isSameMapping(a: Mapping, b: Mapping): boolean {
  const parts = new Set([...Object.keys(a), ...Object.keys(b)]) as Set<FieldRole>;
  return [...parts].every((part) => a[part] === b[part]);
}
