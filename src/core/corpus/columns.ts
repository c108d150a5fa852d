/** What the fields of a corpus look like, so that a user can choose which to keep with the notes. */
import type { FieldMapping } from '../../protocol/catalogue/fieldRoles.js';
import { usualMissingValues } from '../../protocol/catalogue/reading.js';
import type { Reading } from '../../protocol/catalogue/reading.js';
import type { ColumnSummary, RowSource } from './corpus.js';
import { identifierReason } from './identifiers.js';
import { createTypeVote } from './keptFields.js';

export function describeColumns(
  { fields, sample }: RowSource,
  mapping: FieldMapping,
  reading: Reading = {},
): ColumnSummary[] {
  const missing = new Set<string>(reading.missingValues ?? usualMissingValues);
  return fields.map((name) => {
    const vote = createTypeVote(name);
    const values = sample.flatMap((row) => {
      const value = row.value(name)?.trim() ?? '';
      return value === '' || missing.has(value) ? [] : [value];
    });
    for (const value of values) vote.add(value);
    const { type } = vote.result();
    const caution = roleCaution(name, mapping) ?? identifierReason(name, values, type);
    return { name, type, caution };
  });
}

export function firstValue({ sample }: RowSource, field: string): string | null {
  const row = sample.find((each) => (each.value(field)?.trim() ?? '') !== '');
  return row?.value(field)?.trim() ?? null;
}

function roleCaution(name: string, { text, id, group }: FieldMapping): string | null {
  if (name === text) return 'it is the text';
  if (name === id || name === group) return 'it says whose note it is';
  return null;
}
