/** Finds where in a tree of nested values the records are. */
import { fieldRoles } from '../../protocol/catalogue/fieldRoles.js';
import { isRecord, unwrapped } from './nested.js';
import type { Nested, NestedRecord } from './nested.js';

export interface Layout {
  /** Names that lead to the records, `*` for any name; empty for the outermost values. */
  readonly path: readonly string[];
  /** Names within each record that lead to a list whose items are the notes. */
  readonly inner: readonly string[];
  /** Dotted paths of other lists with text, which are not read. */
  readonly others: readonly string[];
}

/**
 * Where the records of a tree are: an outermost list, the values of an object that has them by
 * their ids, or the only value; and whether each of them holds a list of notes.
 */
export function recordsIn(trees: readonly Nested[], mayHaveIds = true): Layout {
  const path: string[] = [];
  const others: string[] = [];
  let records = trees.flatMap(itemsOf);
  // An object that is alone is perhaps only what the records stand in.
  while (records.length === 1) {
    const [only] = records;
    if (only !== undefined && mayHaveIds && isById(only)) {
      path.push(anyName);
      records = Object.values(only).flatMap(itemsOf);
      break;
    }
    const found = only === undefined ? null : outermostList(only, path.length > 0);
    if (only === undefined || found === null) break;
    others.push(...found.others.map((other) => [...path, ...other].join('.')));
    path.push(...found.path);
    records = [at(only, found.path)].flatMap(itemsOf);
  }
  return { path, inner: innerList(records), others };
}

/** In a path, for any name. */
export const anyName = '*';

/** Whether an object holds records under their ids: all of them alike, and with text. */
function isById(record: NestedRecord): boolean {
  const values = Object.values(record).slice(0, sampleRecords);
  const [first, ...others] = values;
  if (!isRecord(first) || others.length === 0) return false;
  const names = Object.keys(first);
  const isLike = (value: Nested): boolean => {
    if (!isRecord(value)) return false;
    const shared = names.filter((name) => name in value).length;
    return 2 * shared > Object.keys(value).length && 2 * shared > names.length;
  };
  // The last one may be cut off.
  const alike = others.filter(isLike).length;
  const withText = values.filter((value) => weigh(value) > 0).length;
  return alike >= others.length - 1 && 2 * withText >= values.length && alike > 0;
}

/** As pandas writes a table by default, and with `orient="split"`. */
export function isByColumn(trees: readonly Nested[]): boolean {
  const [only, ...others] = trees;
  if (!isRecord(only) || others.length > 0) return false;
  const { columns, data } = only;
  if (Array.isArray(columns) && Array.isArray(data)) return data.every(Array.isArray);
  const values = Object.values(only);
  return values.every(
    (value) =>
      isRecord(value) &&
      Object.keys(value).length > 0 &&
      Object.entries(value).every(([name, item]) => /^\d+$/.test(name) && !isRecord(item)),
  );
}

function itemsOf(value: Nested | undefined): NestedRecord[] {
  if (Array.isArray(value)) return (value as readonly Nested[]).flatMap(itemsOf);
  return isRecord(value) ? [value] : [];
}

function at(record: NestedRecord, path: readonly string[]): Nested | undefined {
  let value: Nested | undefined = record;
  for (const name of path) {
    if (!isRecord(value)) return undefined;
    value = name === anyName ? Object.values(value) : value[name];
  }
  return value;
}

/**
 * The list of records within an object that holds most of its text, if that is most of it.
 *
 * @param isNamed whether its items must have names of their own: parts of a note have not
 */
function outermostList(
  record: NestedRecord,
  isNamed: boolean,
): { path: string[]; others: string[][] } | null {
  const lists = [...listsIn(record)]
    .filter(({ items }) => (items.length > 1 && !isNamed) || items.some(hasOwnName))
    .map(({ path, items }) => ({
      path,
      weight: items.reduce((sum, item) => sum + weigh(item), 0),
    }))
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight);
  const [best, ...others] = lists;
  if (best === undefined || best.weight <= 2 * ownWeight(record)) return null;
  return { path: best.path, others: others.map(({ path }) => path) };
}

/** A list in every record whose items have names or dates of their own, and hold the text. */
function innerList(records: readonly NestedRecord[]): readonly string[] {
  const weights = new Map<string, { path: readonly string[]; weight: number }>();
  let own = 0;
  for (const record of records) {
    own += ownWeight(record);
    for (const { path, items } of listsIn(record)) {
      if (path.includes(anyName)) continue;
      const weight = items.filter(hasOwnName).reduce((sum, item) => sum + ownWeight(item), 0);
      const key = JSON.stringify(path);
      weights.set(key, { path, weight: weight + (weights.get(key)?.weight ?? 0) });
    }
  }
  const [best] = [...weights.values()].sort((a, b) => b.weight - a.weight);
  return best === undefined || best.weight <= 2 * own ? [] : best.path;
}

function* listsIn(
  record: NestedRecord,
  above: readonly string[] = [],
): Generator<{ path: string[]; items: NestedRecord[] }> {
  for (const [name, value] of Object.entries(record)) {
    const path = [...above, name];
    if (Array.isArray(value)) {
      const items = (value as readonly Nested[]).filter(isRecord);
      if (items.length > 0) yield { path, items };
    } else if (isRecord(value) && isById(value)) {
      yield { path: [...path, anyName], items: Object.values(value).filter(isRecord) };
    } else if (isRecord(value) && above.length < 4) {
      yield* listsIn(value, path);
    }
  }
}

const plain = (name: string): string => name.toLowerCase().replace(/[\s_\-.]+/g, '');
const ownNames = new Set<string>([...fieldRoles.id.usualNames, ...fieldRoles.date.usualNames]);

/** Whether a record has an id or a date, as notes have, and parts of notes have not. */
function hasOwnName(record: NestedRecord): boolean {
  return Object.keys(record).some((name) => ownNames.has(plain(name)));
}

/** Characters of text in a record, without those in lists of records. */
function ownWeight(record: NestedRecord): number {
  return weigh(record, true);
}

function weigh(value: Nested, isOwn = false): number {
  if (typeof value === 'string') return value.length >= 20 ? value.length : 0;
  if (Array.isArray(value)) {
    const items = value as readonly Nested[];
    return items.reduce<number>(
      (sum, item) => sum + (isOwn && isRecord(item) ? 0 : weigh(item, isOwn)),
      0,
    );
  }
  if (!isRecord(value) || unwrapped(value) !== undefined) return 0;
  return Object.values(value).reduce<number>(
    (sum, item) => sum + (isOwn && isRecord(item) && isById(item) ? 0 : weigh(item, isOwn)),
    0,
  );
}

const sampleRecords = 200;
