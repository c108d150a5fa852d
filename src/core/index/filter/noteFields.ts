/** The fields of notes that a filter may name. */
import { usageError } from '../../base/errors.js';
import type { FieldValue } from '../../corpus/document.js';
import type { SnapshotNote } from '../snapshotNote.js';
import { fieldsOf } from './filter.js';
import type { Filter } from './filter.js';

/** Columns of the tables that describe a note, without its text and vector. */
export const describingColumns = [
  ...(['key', 'id', 'category', 'label', 'group', 'date', 'fields', 'file'] as const),
] as const;

/** As much of a note as fields are read from. */
export type FieldedNote = Pick<
  SnapshotNote,
  'id' | 'category' | 'label' | 'group' | 'date' | 'folder' | 'fields'
>;

const ownFields: Readonly<Record<string, (note: FieldedNote) => FieldValue>> = {
  id: ({ id }) => id,
  category: ({ category }) => category,
  label: ({ label }) => label,
  group: ({ group }) => group,
  date: ({ date }) => date,
  folder: ({ folder }) => folder,
};

/** A note's value of a field that `refuseUnknownFields` has passed: a kept column, or one of its own. */
export function fieldValue(note: FieldedNote, field: string): FieldValue {
  if (Object.hasOwn(note.fields, field)) return note.fields[field] ?? null;
  return Object.hasOwn(ownFields, field) ? (ownFields[field]?.(note) ?? null) : null;
}

/**
 * Throws if a filter names a field that notes do not have, or that no note of this index has a value of.
 *
 * @param kept the columns that are kept with the notes
 */
export function refuseUnknownFields(
  filter: Filter,
  notes: readonly SnapshotNote[],
  kept: readonly string[],
): void {
  for (const field of fieldsOf(filter)) {
    if (!kept.includes(field) && !Object.hasOwn(ownFields, field)) {
      throw usageError(
        `This index has no field "${field}": filter by ${listed([...Object.keys(ownFields), ...kept])}, or keep this column and index the notes again.`,
      );
    }
    if (notes.length > 0 && notes.every((note) => fieldValue(note, field) === null)) {
      throw usageError(
        `No note of this index has a ${field}: filter by another field, or map it and index the notes again.`,
      );
    }
  }
}

function listed(names: readonly string[]): string {
  return `${names.slice(0, -1).join(', ')} or ${names.at(-1) ?? ''}`;
}
