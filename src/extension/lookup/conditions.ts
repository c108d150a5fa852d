/** Conditions that a user has chosen, as filters of a lookup (docs/guide/search.md has their grammar). */
import type { FieldType } from '../../protocol/catalogue/reading.js';

export interface Condition {
  readonly field: string;
  readonly type: FieldType;
  /** One of these; or else within the limits, each of which may be empty. */
  readonly values: readonly string[];
  readonly from: string;
  readonly to: string;
}

/** `undefined` without conditions: all notes. */
export function whereOf(conditions: readonly Condition[]): string | undefined {
  const parts = conditions.flatMap(({ field, values, from, to }) => {
    const name = quoted(field);
    if (values.length > 0) return [`${name} in (${values.map(quoted).join(', ')})`];
    return [
      ...(from === '' ? [] : [`${name} >= ${quoted(from)}`]),
      ...(to === '' ? [] : [`${name} <= ${quoted(to)}`]),
    ];
  });
  return parts.length === 0 ? undefined : parts.join(' and ');
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

const shownValues = 2;

/** "ward: A, B", "date: 2021 – 2022", "age: from 60" */
export function conditionText({ field, values, from, to }: Condition): string {
  if (values.length > 0) {
    const more = values.length - shownValues;
    const shown = values.slice(0, shownValues).join(', ');
    return `${field}: ${more > 0 ? `${shown} and ${more} more` : shown}`;
  }
  if (from !== '' && to !== '')
    return from === to ? `${field}: ${from}` : `${field}: ${from} – ${to}`;
  return from === '' ? `${field}: up to ${to}` : `${field}: from ${from}`;
}

/** Why a limit is refused, as a sentence; `null` if it can be used. An empty one sets no limit. */
export function limitProblem(type: FieldType, text: string): string | null {
  const value = text.trim();
  if (value === '') return null;
  if (type === 'date') {
    return /^\d{4}(?:-\d{2}(?:-\d{2})?)?$/.test(value)
      ? null
      : 'Enter a date such as 2021-03-15, 2021-03 or 2021.';
  }
  return /^[+-]?(?:\d+\.?\d*|\.\d+)$/.test(value) ? null : 'Enter a number.';
}
