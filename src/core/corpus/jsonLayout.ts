/** Finds where in a JSON text, or any tree of nested values, the records are. */
import { fieldRoles } from '../../protocol/catalogue/fieldRoles.js';
import { isBlank, parseJson } from './jsonParse.js';
import { isRecord, unwrapped } from './nested.js';
import type { Nested, NestedRecord } from './nested.js';

export interface Layout {
  /** Names that lead to the records; empty for the outermost values. */
  readonly path: readonly string[];
  /** Names within each record that lead to a list whose items are the notes. */
  readonly inner: readonly string[];
  /** Dotted paths of other lists with text, which are not read. */
  readonly others: readonly string[];
}

export interface JsonLayout extends Layout {
  /** One record a line, so that a broken line costs that line alone. */
  readonly isLines: boolean;
}

/** Whether a text begins as records in JSON do. */
export function looksLikeJson(head: string): boolean {
  return /^[\s\ufeff\u001e]*(\[\s*)?\{\s*("|\}\s*[,\]{]?)/.test(head);
}

/** @param isWhole whether the text ends where the head ends */
export function findLayout(head: string, isWhole: boolean): JsonLayout {
  const first = start(head);
  const lines = head.split('\n');
  if (!isWhole) lines.pop();
  const full = lines.map((line) => line.trim()).filter((line) => line !== '');
  if (head[first] === '{' && isOneALine(full)) {
    const records = full.slice(0, sampleRecords).flatMap((line) => recordIn(line) ?? []);
    const layout = recordsIn(records);
    // A single line may be an object that the records stand in.
    return { isLines: layout.path.length === 0, ...layout };
  }
  const trees = head[first] === undefined ? [] : valuesIn(head, isWhole);
  return { isLines: false, ...recordsIn(trees) };
}

/**
 * Where the records of a tree are: an outermost list, or the only value; and whether each of them
 * holds a list of notes.
 */
export function recordsIn(trees: readonly Nested[]): Layout {
  const path: string[] = [];
  const others: string[] = [];
  let records = trees.flatMap(itemsOf);
  // An object that is alone is perhaps only what the records stand in.
  while (records.length === 1) {
    const [only] = records;
    const found = only === undefined ? null : outermostList(only, path.length > 0);
    if (only === undefined || found === null) break;
    others.push(...found.others.map((other) => [...path, ...other].join('.')));
    path.push(...found.path);
    records = [at(only, found.path)].flatMap(itemsOf);
  }
  return { path, inner: innerList(records), others };
}

const sampleRecords = 200;

/** Most lines are objects by themselves, though some may be broken. */
function isOneALine(lines: readonly string[]): boolean {
  const some = lines.slice(0, 50);
  const objects = some.filter((line) => recordIn(line) !== null).length;
  return some.length > 1 ? objects > some.length / 2 : objects === 1;
}

/** The object that a line is, but for a comma at its end; `null` otherwise. */
export function recordIn(line: string): NestedRecord | null {
  const parsed = parseJson(line);
  if (parsed === null || !isRecord(parsed.value)) return null;
  return /^[\s,\ufeff]*$/.test(line.slice(parsed.end)) ? parsed.value : null;
}

function start(text: string, from = 0): number {
  let at = from;
  while (at < text.length && (isBlank(text.charCodeAt(at)) || text[at] === ',')) at++;
  return at;
}

/** The outermost values, the last one as far as it is there. */
function valuesIn(head: string, isWhole: boolean): Nested[] {
  const values: Nested[] = [];
  for (let next = start(head); next < head.length && values.length < sampleRecords;) {
    const parsed = parseJson(head, next, !isWhole);
    if (parsed === null) {
      // Perhaps only a record in the middle is broken: read what stands above it.
      const part = parseJson(head.slice(next, upToFlaw(head, next)), 0, true);
      if (part !== null) values.push(part.value);
      break;
    }
    values.push(parsed.value);
    next = start(head, parsed.end);
  }
  return values;
}

/** The longest beginning that can be read, to within a few characters. */
function upToFlaw(text: string, from: number): number {
  let good = from;
  let bad = text.length;
  while (bad - good > 16) {
    const middle = (good + bad) >> 1;
    if (parseJson(text.slice(from, middle), 0, true) === null) bad = middle;
    else good = middle;
  }
  return good;
}

function itemsOf(value: Nested | undefined): NestedRecord[] {
  if (Array.isArray(value)) return (value as readonly Nested[]).flatMap(itemsOf);
  return isRecord(value) ? [value] : [];
}

function at(record: NestedRecord, path: readonly string[]): Nested | undefined {
  let value: Nested | undefined = record;
  for (const name of path) value = isRecord(value) ? value[name] : undefined;
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
  return Object.values(value).reduce<number>((sum, item) => sum + weigh(item, isOwn), 0);
}
