/**
 * Decides which field is the text, the id, the category and so on: set by the user, or guessed by
 * name.
 */
import { usageError } from '../base/errors.js';
import type { Row, RowSource } from './corpus.js';
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
    const field = await findField(source, name, `The ${part} is mapped to`, signal);
    mapping[part] = field;
    taken.add(field);
  }
  for (const part of byTurn) {
    if (asked[part] !== undefined) continue;
    const natural = source.natural[part];
    const guessed = guessByName(source.fields, part, taken) ?? natural ?? null;
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

/**
 * Columns that a user names; one that does not exist is an error.
 *
 * @param said what is wanted of them, before the name
 */
export async function resolveFields(
  source: RowSource,
  asked: readonly string[],
  said: string,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const name of asked) found.push(await findField(source, name, said, signal));
  return [...new Set(found)];
}

/** @param said what is wanted of the field, before its name */
async function findField(
  source: RowSource,
  name: string,
  said: string,
  signal?: AbortSignal,
): Promise<string> {
  if (source.fields.includes(name)) return name;
  const alike = source.fields.filter((field) => plainName(field) === plainName(name));
  if (alike.length === 1 && alike[0] !== undefined) return alike[0];
  if (await source.hasField(name, signal)) return name;
  throw usageError(
    `${said} "${name}", which the corpus does not have: choose one of ${listed(source.fields)}.`,
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
