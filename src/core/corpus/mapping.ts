/**
 * Decides which field is the text, the id, the category and so on: set by the user, or guessed by
 * name and values.
 */
import { usageError } from '../base/errors.js';
import type { LineColumns, RowSource } from './corpus.js';
import { factsOf } from './columnFacts.js';
import type { AllFacts } from './columnFacts.js';
import { guessField, guessText, otherProse, plainName } from './guessMapping.js';
import { findLineColumns } from './lineRuns.js';
import { remark } from './remark.js';
import type { Remark } from './remark.js';
import { fieldRoleNames, fieldRoles } from '../../protocol/catalogue/fieldRoles.js';
import type { FieldMapping, FieldRole } from '../../protocol/catalogue/fieldRoles.js';
import type { Reading } from '../../protocol/catalogue/reading.js';
import { readerEntries } from '../../protocol/catalogue/sources.js';

/** Order in which roles choose their field: an ambiguous name goes to the first. */
const byTurn = fieldRoleNames.toSorted((a, b) => fieldRoles[a].turn - fieldRoles[b].turn);

export interface ResolvedMapping {
  readonly mapping: FieldMapping;
  /** Further columns of the text. */
  readonly moreText: readonly string[];
  /** Columns that are kept with every note. */
  readonly keep: readonly string[];
  /** The columns that tell the lines of notes, if the table seems to have a row for each. */
  readonly lines: LineColumns | null;
  /** What a user should know of the guesses, a sentence each. */
  readonly remarks: readonly Remark[];
}

/** Completes the user's mapping; a mapped field that does not exist is an error that names it. */
export async function resolveMapping(
  source: RowSource,
  asked: Partial<FieldMapping>,
  reading: Reading = {},
  signal?: AbortSignal,
): Promise<ResolvedMapping> {
  const { fields, sample } = source;
  const mapping = Object.fromEntries(fieldRoleNames.map((role) => [role, null])) as Record<
    FieldRole,
    string | null
  >;
  const taken = new Set<string>();
  const take = (role: FieldRole, field: string | null): void => {
    mapping[role] = field;
    if (field !== null) taken.add(field);
  };
  for (const role of byTurn) {
    const name = asked[role];
    if (name === undefined || name === null) continue;
    take(role, await findField(source, name, `The ${role} is mapped to`, signal));
  }
  const moreText = await findFields(source, reading.moreText, 'A column of the text is', signal);
  const keep = await findFields(source, reading.keep, 'The column to keep is', signal);
  const number =
    reading.joinLines === undefined
      ? undefined
      : await findField(source, reading.joinLines, 'Lines are numbered by', signal);
  for (const field of moreText) taken.add(field);

  /** Its notes are whole files. */
  const isFolder = readerEntries[source.kind].holds === 'folder';
  const facts = factsOf(fields, sample, reading.missingValues);
  const lines = findLineColumns(fields, sample, number);
  if (lines !== null) taken.add(lines.number);
  if (lines !== null && asked.id === undefined) take('id', lines.id);
  for (const role of byTurn) {
    if (asked[role] !== undefined || mapping[role] !== null) continue;
    if (role === 'text' && isFolder) continue;
    const guessed =
      role === 'text'
        ? (source.natural.text ?? guessText(fields, taken, facts))
        : guessField(fields, role, taken, facts);
    take(role, guessed ?? source.natural[role] ?? null);
  }
  if (mapping.text === null && !isFolder) {
    throw usageError(
      `No field looks like the text of a note: map the text to one of ${listed(fields)}.`,
    );
  }
  const resolved = { mapping, moreText, keep };
  const noticed = number === undefined ? lines : { id: mapping.id ?? '', number };
  return {
    ...resolved,
    lines: noticed,
    remarks: remarksOn(source, asked, reading, resolved, lines, facts),
  };
}

function remarksOn(
  { fields }: RowSource,
  asked: Partial<FieldMapping>,
  { joinLines, moreText }: Reading,
  { mapping }: Pick<ResolvedMapping, 'mapping'>,
  lines: LineColumns | null,
  facts: AllFacts,
): Remark[] {
  const remarks: Remark[] = [];
  if (lines !== null && joinLines === undefined) {
    remarks.push(
      remark`"${lines.number}" counts up while "${lines.id}" stays the same, so a note may be in several rows: ${{ setting: 'joinLines', value: lines.number }} joins them.`,
    );
  }
  const { text, id } = mapping;
  const used = new Set(Object.values(mapping).filter((field) => field !== null));
  const others = text === null ? [] : otherProse(fields, text, used, facts);
  if (others.length > 0 && moreText === undefined && asked.text === undefined) {
    const [has, it] = others.length === 1 ? ['holds', 'it'] : ['hold', 'them'];
    remarks.push(
      remark`The text is "${text ?? ''}", but ${listed(others)} ${has} text too: use ${{ role: 'text' }} for each column to join ${it} to the note.`,
    );
  }
  if (id === null && asked.id === undefined && facts !== null) {
    const repeated = guessField(fields, 'id', new Set(), null);
    if (repeated !== null) {
      remarks.push(
        remark`"${repeated}" is no id, since its values repeat: notes are named by their rows (${{ role: 'id', column: repeated }} to take it all the same).`,
      );
    }
  }
  return remarks;
}

async function findFields(
  source: RowSource,
  asked: readonly string[] = [],
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
