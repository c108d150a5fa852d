/** What the fields of a corpus look like, so that a user can choose which to keep with the notes. */
import type { FieldMapping } from '../../protocol/catalogue/fieldRoles.js';
import { usualMissingValues } from '../../protocol/catalogue/reading.js';
import type { FieldType, Reading } from '../../protocol/catalogue/reading.js';
import type { RowSource } from './corpus.js';
import { identifierReason } from './identifiers.js';
import { createTypeVote } from './keptFields.js';

export interface ColumnSummary {
  readonly name: string;
  readonly type: FieldType;
  /** Why it should not be kept unless asked for, in a few words; `null` if nothing speaks against it. */
  readonly caution: string | null;
}

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

function roleCaution(name: string, { text, id, group }: FieldMapping): string | null {
  if (name === text) return 'it is the text';
  if (name === id || name === group) return 'it says whose note it is';
  return null;
}
