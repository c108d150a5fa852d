/** Values that stand for a missing one: recognised, and counted by field. */
import type { FieldRole } from '../../protocol/catalogue/fieldRoles.js';
import { perhapsClasses, usualMissingValues } from '../../protocol/catalogue/reading.js';
import type { MissingCount, ReportProblem } from './corpus.js';
import { detached } from './detached.js';
import { remark } from './remark.js';
import type { Remark } from './remark.js';

export interface MissingValues {
  /** A mapped field's value without blanks around it; `null`, and counted, if it is missing. */
  filled(role: FieldRole, field: string, value: string | null): string | null;
  /** The same without counting, for a field that is looked at a second time. */
  again(role: FieldRole, value: string | null): string | null;
  /** Whether a value is missing; counts it if so. */
  isMissing(role: FieldRole, field: string, value: string | null): boolean;
  /** By field and value, most frequent first. */
  counts(): MissingCount[];
  /** The same for values that may stand for a missing one, but are kept as classes. */
  classes(): MissingCount[];
  /** Says what was taken for missing, or for a class, though something is written there. */
  report(name: string, report: ReportProblem): void;
}

/** @param given instead of the usual ones */
export function createMissingValues(given?: readonly string[]): MissingValues {
  const missing = new Set<string>(given ?? usualMissingValues);
  const found = new Map<string, Map<string, number>>();
  const classes = new Map<string, Map<string, number>>();

  /** @param plain without blanks around it */
  function judged(role: FieldRole, plain: string): 'missing' | 'class' | 'value' {
    if (plain === '') return 'missing';
    // An id is an id, whatever it reads like.
    if (role === 'id' || !missing.has(plain)) return 'value';
    const mayBeClass = given === undefined && (role === 'category' || role === 'label');
    return mayBeClass && perhapsClasses.includes(plain) ? 'class' : 'missing';
  }

  function isMissing(role: FieldRole, field: string, value: string | null): boolean {
    const plain = value?.trim() ?? '';
    const kind = judged(role, plain);
    if (kind !== 'value') count(kind === 'class' ? classes : found, field, plain);
    return kind === 'missing';
  }

  return {
    isMissing,
    filled(role, field, value) {
      return isMissing(role, field, value) ? null : detached(value?.trim() ?? '');
    },
    again(role, value) {
      const plain = value?.trim() ?? '';
      return judged(role, plain) === 'missing' ? null : detached(plain);
    },
    counts: () => listOf(found),
    classes: () => listOf(classes),
    report(name, report) {
      const said = (sentence: Remark): void => report(`${name}:1`, sentence, 'kept');
      for (const [field, values] of found) {
        const named = [...values].filter(([value]) => value !== '');
        if (named.length > 0) {
          said(
            remark`Missing in "${field}": ${listed(named)}; ${{ setting: 'missingValues' }} changes that.`,
          );
        }
      }
      for (const [field, values] of classes) {
        said(
          remark`${listed([...values])} in "${field}" is kept as a class: name it in ${{ setting: 'missingValues' }} if it means missing.`,
        );
      }
    },
  };
}

function listOf(counts: Map<string, Map<string, number>>): MissingCount[] {
  return [...counts]
    .flatMap(([field, values]) =>
      [...values].map(([value, times]) => ({ field, value, count: times })),
    )
    .sort((a, b) => b.count - a.count);
}

function count(counts: Map<string, Map<string, number>>, field: string, value: string): void {
  let ofField = counts.get(field);
  if (ofField === undefined) counts.set(field, (ofField = new Map<string, number>()));
  ofField.set(value, (ofField.get(value) ?? 0) + 1);
}

function listed(values: readonly (readonly [string, number])[]): string {
  return values.map(([value, times]) => `${value} (${times.toLocaleString('en')})`).join(', ');
}
