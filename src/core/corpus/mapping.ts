/**
 * Decides which field is the text, the id, the category and so on: set by the user, or guessed by
 * name.
 */
import { usageError } from '../base/errors.js';
import type { Row, RowSource } from './corpus.js';
import { lastName } from './dottedPath.js';
import { fieldRoleNames, fieldRoles } from '../../protocol/catalogue/fieldRoles.js';
import type { FieldMapping, FieldRole } from '../../protocol/catalogue/fieldRoles.js';
import { readerEntries } from '../../protocol/catalogue/sources.js';

/** Order in which roles choose their field: an ambiguous name goes to the first. */
const byTurn = fieldRoleNames.toSorted((a, b) => fieldRoles[a].turn - fieldRoles[b].turn);

function plainName(field: string): string {
  return field.toLowerCase().replace(/[\s_\-.]+/g, '');
}

/** Completes the user's mapping; a mapped field that does not exist is an error that names it. */
export async function resolveMapping(
  source: RowSource,
  asked: Partial<FieldMapping>,
  signal?: AbortSignal,
): Promise<FieldMapping> {
  const mapping = Object.fromEntries(fieldRoleNames.map((role) => [role, null])) as Record<
    FieldRole,
    string | null
  >;
  const taken = new Set<string>();
  for (const part of byTurn) {
    const name = asked[part];
    if (name === undefined || name === null) continue;
    const field = await findField(source, part, name, signal);
    mapping[part] = field;
    taken.add(field);
  }
  for (const part of byTurn) {
    if (asked[part] !== undefined) continue;
    const natural = source.natural[part];
    const guessed =
      guessByName(source.fields, part, taken) ??
      guessByLastName(source, part, taken) ??
      natural ??
      null;
    mapping[part] = guessed;
    if (guessed !== null) taken.add(guessed);
  }
  if (mapping.text === null && readerEntries[source.kind].holds === 'table') {
    mapping.text = asked.text === null ? null : guessByLength(source, taken);
    if (mapping.text === null) {
      throw usageError(
        `No field looks like the text of a note: map the text to one of ${listed(source.fields)}.`,
      );
    }
  }
  return mapping;
}

async function findField(
  source: RowSource,
  part: FieldRole,
  name: string,
  signal?: AbortSignal,
): Promise<string> {
  if (source.fields.includes(name)) return name;
  const alike = source.fields.filter((field) => plainName(field) === plainName(name));
  if (alike.length === 1 && alike[0] !== undefined) return alike[0];
  if (await source.hasField(name, signal)) return name;
  throw usageError(
    `The ${part} is mapped to "${name}", which the corpus does not have: choose one of ${listed(source.fields)}.`,
  );
}

function listed(fields: readonly string[]): string {
  if (fields.length === 0) return '(it has no fields)';
  const shown = fields.slice(0, 20).map((field) => `"${field}"`);
  return shown.join(', ') + (fields.length > 20 ? ` and ${fields.length - 20} more` : '');
}

function guessByName(
  fields: readonly string[],
  part: FieldRole,
  taken: ReadonlySet<string>,
): string | null {
  for (const usual of fieldRoles[part].usualNames) {
    for (const field of fields) {
      if (!taken.has(field) && plainName(field) === usual) return field;
    }
  }
  return null;
}

/**
 * The least deep field within a record that has a usual name: `data.text`. A text must be longer
 * than codes and names are.
 */
function guessByLastName(
  source: RowSource,
  part: FieldRole,
  taken: ReadonlySet<string>,
): string | null {
  const depth = (field: string): number => field.split('.').length;
  const nested = source.fields
    .filter((field) => field.includes('.') && !taken.has(field))
    .filter((field) => part !== 'text' || meanLength(source.sample, field) > 20)
    .sort((a, b) => depth(a) - depth(b));
  for (const usual of fieldRoles[part].usualNames) {
    const found = nested.find((field) => plainName(lastName(field)) === usual);
    if (found !== undefined) return found;
  }
  return null;
}

/** The field with the longest values, if they are longer than typical codes and names. */
function guessByLength(source: RowSource, taken: ReadonlySet<string>): string | null {
  let best: string | null = null;
  let longest = 20;
  for (const field of source.fields) {
    if (taken.has(field)) continue;
    const length = meanLength(source.sample, field);
    if (length > longest) {
      best = field;
      longest = length;
    }
  }
  return best;
}

function meanLength(rows: readonly Row[], field: string): number {
  let total = 0;
  for (const row of rows) total += row.value(field)?.length ?? 0;
  return rows.length === 0 ? 0 : total / rows.length;
}
