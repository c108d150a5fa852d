/**
 * Values of nested records by a dotted path: `data.text`, `_source.note`, `fields.0.value`. A step
 * that meets a list without naming an index takes every item: `passages.text`.
 */
import { isRecord, isSpan, isSpanList, labelsOf, ownText, unwrapped } from './nested.js';
import type { Nested, NestedRecord } from './nested.js';

/** Deeper values are not offered for mapping, but can be named. */
const mostSteps = 8;

/** Paths of all values that have a text, in the order of the record. */
export function leafPaths(record: NestedRecord): Set<string> {
  const paths = new Set<string>();
  const visit = (value: Nested, path: string, steps: number): void => {
    if (steps > mostSteps) return;
    if (Array.isArray(value)) {
      const items = value as readonly Nested[];
      const records = items.filter(isRecord);
      if (records.length < items.length || items.length === 0) paths.add(path);
      for (const item of records) visit(item, path, steps);
    } else if (!isRecord(value) || unwrapped(value) !== undefined) {
      paths.add(path);
    } else {
      // Of a span, the label says something about the note; its place and its text do not.
      const keys = steps > 0 && isSpan(value) ? labelsOf(value) : Object.keys(value);
      for (const key of keys) visit(value[key] ?? null, joined(path, key), steps + 1);
    }
  };
  visit(record, '', 0);
  paths.delete('');
  return paths;
}

/** The texts at a path, in order; empty if there is no value, or one without a text. */
export function textsAt(value: Nested, path: string): string[] {
  const texts: string[] = [];
  reach(value, path, (found) => addTexts(found, texts));
  return texts;
}

/** Whether a record has a value at a path, be it empty. */
export function hasPath(record: NestedRecord, path: string): boolean {
  let has = false;
  reach(record, path, () => (has = true));
  return has;
}

/** The last name of a path: `text` of `data.text`, `value` of `fields.0.value`. */
export function lastName(path: string): string {
  const names = path.split('.').filter((name) => !/^\d+$/.test(name));
  return names.at(-1) ?? path;
}

function joined(path: string, key: string): string {
  return path === '' || key === ownText ? path + key : `${path}.${key}`;
}

function reach(value: Nested, path: string, found: (value: Nested) => void): void {
  if (path === '') {
    found(value);
  } else if (Array.isArray(value)) {
    const items = value as readonly Nested[];
    const index = /^(\d+)(?:\.|$)/.exec(path);
    const named = index === null ? undefined : items[Number(index[1])];
    if (index === null) for (const item of items) reach(item, path, found);
    else if (named !== undefined) reach(named, path.slice(index[0].length), found);
  } else if (isRecord(value)) {
    // Names may hold dots themselves: the longest that is there is meant.
    for (let end = path.length; end > 0; end = path.lastIndexOf('.', end - 1)) {
      const key = path.slice(0, end);
      if (!Object.hasOwn(value, key)) continue;
      reach(decoded(value, key), path.slice(end + 1), found);
      return;
    }
  }
}

function addTexts(value: Nested, texts: string[]): void {
  if (value === null) return;
  if (Array.isArray(value)) {
    const items = value as readonly Nested[];
    if (isSpanList(items)) texts.push(items[2]);
    else for (const item of items) addTexts(item, texts);
  } else if (isRecord(value)) {
    const own = value[ownText];
    if (own !== undefined) addTexts(own, texts);
    const text = own === undefined ? unwrapped(value) : null;
    if (typeof text === 'string') texts.push(text);
    else if (text === undefined && isSpan(value)) {
      for (const name of labelsOf(value).slice(0, 1)) addTexts(value[name] ?? null, texts);
    }
  } else if (typeof value === 'string') {
    texts.push(value);
  } else if (typeof value === 'boolean') {
    texts.push(value ? 'true' : 'false');
  }
}

/** The text of a FHIR attachment is base64: `{"contentType": "text/plain", "data": "…"}`. */
function decoded(record: NestedRecord, key: string): Nested {
  const value = record[key] ?? null;
  const type = record['contentType'];
  if (key !== 'data' || typeof value !== 'string' || typeof type !== 'string') return value;
  return /^text\//i.test(type) ? Buffer.from(value, 'base64').toString('utf8') : null;
}
