/** Rows out of nested records. */
import type { Row } from './corpus.js';
import { detached } from './detached.js';
import { leafPaths, textsAt } from './dottedPath.js';
import { isRecord } from './nested.js';
import type { Nested, NestedRecord } from './nested.js';

export function rowOfRecord(record: NestedRecord, where: string, line: number): Row {
  return {
    where,
    line,
    file: null,
    text: null,
    value(field, list = 'set') {
      const texts = textsAt(record, field);
      if (texts.length === 0) return null;
      return detached(list === 'lines' ? texts.join('\n') : [...new Set(texts)].join('; '));
    },
  };
}

/** Fields of some records, in the order in which they are first met. */
export function fieldsOf(records: readonly NestedRecord[]): string[] {
  return [...new Set(records.flatMap((record) => [...leafPaths(record)]))];
}

/**
 * The notes of a record that holds a list of them: the record once for each, with that note alone
 * in place of the list, so that each keeps what the record says of all.
 */
export function innerRecords(record: NestedRecord, path: readonly string[]): NestedRecord[] {
  const [name, ...rest] = path;
  if (name === undefined) return [record];
  const value: Nested = record[name] ?? null;
  const within = (inner: Nested): NestedRecord => ({ ...record, [name]: inner });
  if (isRecord(value) && rest.length > 0) return innerRecords(value, rest).map(within);
  const items = Array.isArray(value) ? (value as readonly Nested[]) : [];
  return items.length === 0 ? [record] : items.map(within);
}
