/** The fields of notes that a filter may name. */
import { usageError } from '../../base/errors.js';
import type { SnapshotNote } from '../snapshot.js';
import { fieldsOf } from './filter.js';
import type { FieldValue, Filter } from './filter.js';

const ownFields: Readonly<Record<string, (note: SnapshotNote) => FieldValue>> = {
  id: ({ id }) => id,
  category: ({ category }) => category,
  label: ({ label }) => label,
  group: ({ group }) => group,
  folder: ({ folder }) => folder,
};

/** A note's value of a field that `refuseUnknownFields` has passed. */
export function fieldValue(note: SnapshotNote, field: string): FieldValue {
  return ownFields[field]?.(note) ?? null;
}

/** Throws if a filter names a field that notes do not have, or that no note of this index has a value of. */
export function refuseUnknownFields(filter: Filter, notes: readonly SnapshotNote[]): void {
  for (const field of fieldsOf(filter)) {
    const value = Object.hasOwn(ownFields, field) ? ownFields[field] : undefined;
    if (value === undefined) {
      throw usageError(
        `This index has no field "${field}": filter by ${listed(Object.keys(ownFields))}.`,
      );
    }
    if (notes.length > 0 && notes.every((note) => value(note) === null)) {
      throw usageError(
        `No note of this index has a ${field}: filter by another field, or map it and index the notes again.`,
      );
    }
  }
}

function listed(names: readonly string[]): string {
  return `${names.slice(0, -1).join(', ')} or ${names.at(-1) ?? ''}`;
}
