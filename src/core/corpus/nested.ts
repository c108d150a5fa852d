/** Records within records, as JSON, XML and Parquet have them. */

/** A number stands as it is written, so that a long id loses no digit. */
export type Nested = string | boolean | null | readonly Nested[] | NestedRecord;

export interface NestedRecord {
  readonly [key: string]: Nested;
}

/** Name of the text of an XML element that has attributes or elements too. */
export const ownText = '';

export function isRecord(value: Nested | undefined): value is NestedRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * A value that MongoDB's Extended JSON wraps into an object: `{"$oid": "5f…"}`, `{"$numberLong":
 * "42"}`, `{"$date": …}`, a date in ISO 8601. `undefined` for any other value; `null` where the
 * value has no text.
 */
export function unwrapped(value: NestedRecord): string | null | undefined {
  const [key, ...others] = Object.keys(value);
  if (key?.startsWith('$') !== true || others.length > 0) return undefined;
  const inner = value[key];
  if (key === '$date') return dateOf(isRecord(inner) ? unwrapped(inner) : inner);
  return typeof inner === 'string' && wrappers.has(key) ? inner : null;
}

const wrappers = new Set([
  ...['$oid', '$numberLong', '$numberInt', '$numberDouble', '$numberDecimal', '$uuid', '$symbol'],
]);

/** Milliseconds since 1970, or as it is written. */
function dateOf(value: Nested | undefined): string | null {
  if (typeof value !== 'string') return null;
  const date = /^-?\d+$/.test(value) ? new Date(Number(value)) : null;
  return date === null || Number.isNaN(date.getTime()) ? value : date.toISOString();
}

const startNames = ['start', 'start_offset', 'startOffset', 'begin', 'offset'];
const endNames = ['end', 'end_offset', 'endOffset', 'length'];
const labelNames = ['label', 'labels', 'choices', 'cui', 'type', 'entity', 'tag', 'TYPE'];
/** Where BioC places its spans and says what they are. */
const placeNames = ['locations', 'location'];
const kindNames = ['infons', 'infon'];

/** Whether a record marks a span of a text, as annotation tools write them. */
export function isSpan(record: NestedRecord): boolean {
  const has = (names: readonly string[]): boolean =>
    names.some((name) => Object.hasOwn(record, name) && isNumber(record[name]));
  return (has(startNames) && has(endNames)) || placeNames.some((name) => isPlace(record[name]));
}

/** What a span is labelled as. */
export function labelsOf(span: NestedRecord): readonly string[] {
  return [...labelNames, ...kindNames].filter((name) => Object.hasOwn(span, name));
}

function isPlace(value: Nested | undefined): boolean {
  return Array.isArray(value) || isRecord(value);
}

/** `[0, 4, "SIGN"]`, as doccano writes a span. */
export function isSpanList(value: readonly Nested[]): value is readonly [string, string, string] {
  const [start, end, label] = value;
  return value.length === 3 && isNumber(start) && isNumber(end) && typeof label === 'string';
}

function isNumber(value: Nested | undefined): boolean {
  return typeof value === 'string' && /^\d+$/.test(value);
}
