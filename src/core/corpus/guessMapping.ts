/** Guesses the fields of a mapping by their names, and checks the guess against their values. */
import { fieldRoles } from '../../protocol/catalogue/fieldRoles.js';
import type { FieldRole, FieldRoleEntry } from '../../protocol/catalogue/fieldRoles.js';
import { dateShare, isMostlyUnique, proseLength } from './columnFacts.js';
import type { AllFacts, ColumnFacts } from './columnFacts.js';
import { lastName } from './dottedPath.js';
import { isPersonNamed, isPersonNumber, nameParts } from './identifiers.js';

export function plainName(field: string): string {
  return field.toLowerCase().replace(/[\s_\-.]+/g, '');
}

type Match = 'whole' | 'part';

function depth(path: string): number {
  return path.split('.').length;
}

/**
 * Fields that are named for a role, likeliest first: by their whole name, by the last name of a path
 * into a record, the least deep first, then by parts of their name.
 */
function namedFor(fields: readonly string[], role: FieldRole): (readonly [string, Match])[] {
  const usual: readonly string[] = fieldRoles[role].usualNames;
  const nested = fields.filter((field) => field.includes('.')).sort((a, b) => depth(a) - depth(b));
  const whole = [
    ...usual.flatMap((name) => fields.filter((field) => plainName(field) === name)),
    ...usual.flatMap((name) => nested.filter((field) => plainName(lastName(field)) === name)),
  ];
  const inPart = usual
    .filter((name) => name.length > 1)
    .flatMap((name) => fields.filter((field) => hasRun(nameParts(field), name)));
  if (entryOf(role).values === 'person') {
    inPart.push(...fields.filter((field) => isPersonNumber(lastName(field))));
  }
  return [
    ...whole.map((field) => [field, 'whole'] as const),
    ...inPart.filter((field) => !whole.includes(field)).map((field) => [field, 'part'] as const),
  ];
}

/** Whether some parts of a name that follow each other spell a usual name. */
function hasRun(parts: readonly string[], usual: string): boolean {
  return parts.some((_, from) => {
    let run = '';
    return parts.slice(from).some((part) => (run += part) === usual);
  });
}

/** The field of a role other than the text; `null` if none is named for it with values that fit. */
export function guessField(
  fields: readonly string[],
  role: Exclude<FieldRole, 'text'>,
  taken: ReadonlySet<string>,
  facts: AllFacts,
): string | null {
  for (const [field, match] of namedFor(fields, role)) {
    if (taken.has(field)) continue;
    if (fits(role, field, match, facts?.get(field) ?? null)) return field;
  }
  return null;
}

/** So few values prove nothing. */
const few = 10;

function fits(
  role: Exclude<FieldRole, 'text'>,
  field: string,
  match: Match,
  facts: ColumnFacts | null,
): boolean {
  const parts = nameParts(field);
  const isWhole = match === 'whole';
  const isFew = facts === null || facts.values.length < few;
  switch (entryOf(role).values) {
    case 'prose':
      return true;
    case 'unique':
      if (!isWhole && isPersonNamed(field)) return false;
      return isFew || isMostlyUnique(facts);
    case 'person':
      return isPerson(field, match, facts);
    case 'class':
      if (facts !== null && facts.meanLength > 60) return false;
      if (isWhole) return true;
      if (parts.some((part) => notAClass.has(part))) return false;
      return isFew || facts.distinct <= facts.values.length / 2;
    case 'time':
      if (isWhole) return true;
      if (parts.some((part) => /^(birth|dob|death|died)/.test(part))) return false;
      return facts !== null && facts.values.length > 0 && dateShare(facts) >= 0.5;
    case 'part':
      return facts === null || facts.distinct <= (isWhole ? 20 : 6);
  }
}

/** Without its literal type, for code that names no role. */
function entryOf(role: FieldRole): FieldRoleEntry {
  return fieldRoles[role];
}

/** What ends the name of a number, a date or a flag beside a class. */
const notAClass = new Set(
  'id ids no num number count date time datetime flag code score'.split(' '),
);
/** Names that may stand for other things than a patient: a subject line, the arm of a trial. */
const weakNames = new Set('group groupid subject person client'.split(' '));

/** A patient repeats, but is not in every note. */
function isPerson(field: string, match: Match, facts: ColumnFacts | null): boolean {
  if (match === 'part' && !isPersonNumber(lastName(field))) return false;
  if (facts === null || facts.values.length < few) return true;
  if (facts.distinct === 1 || facts.meanLength > 60) return false;
  if (!weakNames.has(plainName(lastName(field)))) return true;
  return facts.distinct >= 5 && facts.distinct < facts.values.length;
}

/**
 * The column with prose in it, of several the one that is named for it. A name alone does not make a
 * text: `text` may hold Y and N beside the report.
 */
export function guessText(
  fields: readonly string[],
  taken: ReadonlySet<string>,
  facts: AllFacts,
): string | null {
  const free = fields.filter((field) => !taken.has(field));
  const named = namedFor(free, 'text');
  if (facts === null) return named.find(([, match]) => match === 'whole')?.[0] ?? null;
  const length = (field: string): number => {
    const found = facts.get(field);
    return found === undefined ? 0 : proseLength(found);
  };
  const longest = free.reduce<string | null>(
    (best, field) => (length(field) > (best === null ? 20 : length(best)) ? field : best),
    null,
  );
  const most = longest === null ? 0 : length(longest);
  const fitting = named.find(([field, match]) =>
    most === 0 ? match === 'whole' : length(field) >= most / 3,
  );
  return fitting?.[0] ?? longest;
}

/** Columns that hold prose beside the text: perhaps they make one note with it. */
export function otherProse(
  fields: readonly string[],
  text: string,
  taken: ReadonlySet<string>,
  facts: AllFacts,
): string[] {
  if (facts === null) return [];
  const own = facts.get(text);
  const least = Math.max(40, own === undefined ? 0 : proseLength(own) / 5);
  return fields.filter((field) => {
    const found = facts.get(field);
    if (field === text || taken.has(field) || found === undefined) return false;
    return proseLength(found) >= least && found.meanWords >= 6;
  });
}
