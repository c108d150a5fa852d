/** Shows the guessed role of each field, and lets the user change it. */
import { fieldRoleNames, fieldRoles } from '../../protocol/catalogue/fieldRoles.js';
import type { FieldMapping, FieldRole } from '../../protocol/catalogue/fieldRoles.js';
import type { CorpusSummary } from '../../protocol/lookup.js';
import { plural } from '../wording.js';
import { choose } from './choices.js';
import type { Choice } from './choices.js';

/** Returns the same object if the user accepts it, or a changed one that must be confirmed again. */
export async function confirmMapping(
  summary: CorpusSummary,
  mapping: Partial<FieldMapping>,
): Promise<Partial<FieldMapping>> {
  const title = `${plural(summary.documents, 'note')}: is this right?`;
  const role = await choose<FieldRole | null>(title, [
    { label: '$(check) Yes, add this corpus', value: null },
    ...fieldRoleNames.map((name) => ({
      label: fieldRoles[name].label,
      description: summary.mapping[name] ?? '(none)',
      detail: fieldRoles[name].sentence,
      value: name,
    })),
  ]);
  if (role === null) return mapping;
  const fields: Choice<string | null>[] = summary.fields.map((field) => ({
    label: field,
    description: field === summary.mapping[role] ? 'now' : '',
    value: field,
  }));
  const field = await choose(`Field for: ${fieldRoles[role].label}`, [
    { label: '(none)', value: null },
    ...fields,
  ]);
  return { ...mapping, [role]: field };
}
