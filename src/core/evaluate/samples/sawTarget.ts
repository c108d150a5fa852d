/**
 * Whether a model's training saw what is to be predicted: such a model has an advantage over others, and is marked in the
 * tables.
 */
import { isTargetRole, targetFields } from '../../../protocol/catalogue/fieldRoles.js';
import type { FieldMapping } from '../../../protocol/catalogue/fieldRoles.js';
import type { Document } from '../../corpus/document.js';
import { targetValue } from './target.js';

/** `same`: trained on the categories of the target's field; `derived`: of a field of which one tells the other. */
export type SeenTarget = 'same' | 'derived';

/** The fields tell each other if knowing one leaves at most this share of the errors made without it. */
const errorsLeft = 0.1;

/**
 * @param trainedField `categoryField` of the model's record, which can be read without its weights
 * @returns `null` if its training did not see the target, as far as the fields of the corpus show
 */
export function sawTarget(
  trainedField: string | null,
  target: string,
  mapping: FieldMapping,
  documents: readonly Document[],
): SeenTarget | null {
  if (trainedField === null) return null;
  if (trainedField === (isTargetRole(target) ? mapping[target] : target)) return 'same';
  // The field has a role, or is kept; otherwise the corpus does not show its values.
  const trainedAs = targetFields.find((role) => mapping[role] === trainedField) ?? trainedField;
  const both = documents.flatMap((document) => {
    const [wanted, trained] = [targetValue(document, target), targetValue(document, trainedAs)];
    return wanted === null || trained === null ? [] : [[wanted, trained] as const];
  });
  const told = tells(both) || tells(both.map(([wanted, trained]) => [trained, wanted] as const));
  return told ? 'derived' : null;
}

/** Whether the first values of pairs tell the second. */
function tells(pairs: readonly (readonly [string, string])[]): boolean {
  const groups = new Map<string, string[]>();
  for (const [first, second] of pairs) {
    const members = groups.get(first);
    if (members === undefined) groups.set(first, [second]);
    else members.push(second);
  }
  // A value of one note tells nothing: it would tell any other field as well.
  const repeated = [...groups.values()].filter(({ length }) => length > 1);
  const without = errors(repeated.flat());
  const knowing = repeated.reduce((sum, values) => sum + errors(values), 0);
  return without > 0 && knowing <= errorsLeft * without;
}

/** Notes that are not of the most frequent value. */
function errors(values: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return values.length - Math.max(0, ...counts.values());
}
