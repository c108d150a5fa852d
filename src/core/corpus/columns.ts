/** What the fields of a corpus look like, so that a user can choose which to keep with the notes. */
import type { FieldMapping } from '../../protocol/catalogue/fieldRoles.js';
import type { Reading } from '../../protocol/catalogue/reading.js';
import { presentValues } from './columnFacts.js';
import type { ColumnSummary, RowSource } from './corpus.js';
import { identifierReason } from './identifiers.js';
import { createTypeVote } from './keptFields.js';

export function describeColumns(
  { fields, sample }: RowSource,
  mapping: FieldMapping,
  reading: Reading = {},
): ColumnSummary[] {
  return fields.map((name) => {
    const vote = createTypeVote(name);
    const values = presentValues(sample, name, reading.missingValues);
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
