import { isTargetRole } from '../protocol/catalogue/fieldRoles.js';
import type { CorpusSpec } from '../protocol/corpusSpec.js';

/** Naming a column as the target of an evaluation is asking to keep it with the notes. */
export function withTarget(spec: CorpusSpec, target: string | null): CorpusSpec {
  const keep = spec.reading?.keep ?? [];
  if (target === null || isTargetRole(target) || keep.includes(target)) return spec;
  return { ...spec, reading: { ...spec.reading, keep: [...keep, target] } };
}
