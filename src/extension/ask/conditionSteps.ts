/** Asks for a condition that notes must meet to be found: a field, then its values or limits. */
import { usageError } from '../../core/base/errors.js';
import type { FilterField } from '../../protocol/lookup.js';
import { limitProblem } from '../lookup/conditions.js';
import type { Condition } from '../lookup/conditions.js';
import { plural } from '../../core/base/wording.js';
import { ask, choose, chooseSeveral } from './choices.js';

const title = 'Which Notes to Search';

/** `null`: it sets no limit after all. Throws Cancelled when the user closes a question. */
export async function askCondition(fields: readonly FilterField[]): Promise<Condition | null> {
  if (fields.length === 0) {
    throw usageError(
      'The notes of this index have nothing to filter by: map a category or a date, or keep other columns, and index the notes again.',
    );
  }
  const field = await choose(
    title,
    fields.map((one) => ({ label: one.name, description: described(one), value: one })),
  );
  const { name, type, range } = field;
  const none = { field: name, type, values: [], from: '', to: '' };
  if (range === null) {
    const values = await chooseSeveral(
      `${title}: ${name}`,
      field.values.map((one) => ({
        ...{ label: one.value, value: one.value },
        description: plural(one.count, 'note'),
      })),
    );
    return values.length === 0 ? null : { ...none, values };
  }
  const from = await askLimit(field, `From; the first is ${range.first}. Empty: no limit.`);
  const to = await askLimit(field, `Up to; the last is ${range.last}. Empty: no limit.`);
  return from === '' && to === '' ? null : { ...none, from, to };
}

function described({ values, range }: FilterField): string {
  if (range !== null) return `${range.first} – ${range.last}`;
  return plural(values.length, 'value');
}

function askLimit({ name, type }: FilterField, prompt: string): Promise<string> {
  return ask({
    title: `${title}: ${name}`,
    prompt,
    validateInput: (value) => limitProblem(type, value),
  });
}
