/** Conditions on the fields of notes, as `parseFilter.ts` reads them. */
import type { FieldValue } from '../../corpus/document.js';

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=' | 'contains';

export type Filter =
  | { readonly kind: 'all' | 'any'; readonly of: readonly Filter[] }
  | { readonly kind: 'not'; readonly of: Filter }
  | {
      readonly kind: 'compare';
      readonly field: string;
      readonly by: Comparison;
      readonly value: string;
    }
  | { readonly kind: 'oneOf'; readonly field: string; readonly values: readonly string[] }
  | { readonly kind: 'missing'; readonly field: string };

/** Names of the fields that a filter asks for, each once. */
export function fieldsOf(filter: Filter): string[] {
  switch (filter.kind) {
    case 'all':
    case 'any':
      return [...new Set(filter.of.flatMap(fieldsOf))];
    case 'not':
      return fieldsOf(filter.of);
    case 'compare':
    case 'oneOf':
    case 'missing':
      return [filter.field];
  }
}

/** Whether a note passes. A missing value equals nothing, and is neither less nor more than anything. */
export function passes(filter: Filter, valueOf: (field: string) => FieldValue): boolean {
  switch (filter.kind) {
    case 'all':
      return filter.of.every((one) => passes(one, valueOf));
    case 'any':
      return filter.of.some((one) => passes(one, valueOf));
    case 'not':
      return !passes(filter.of, valueOf);
    case 'missing':
      return valueOf(filter.field) === null;
    case 'oneOf':
      return filter.values.some((value) => compares('=', valueOf(filter.field), value));
    case 'compare':
      return compares(filter.by, valueOf(filter.field), filter.value);
  }
}

const date = /^\d{4}(?:-\d{2}(?:-\d{2}(?:T[\d:.]+)?)?)?$/;

function compares(by: Comparison, found: FieldValue, wanted: string): boolean {
  if (by === '!=') return !compares('=', found, wanted);
  if (found === null) return false;
  const text = String(found);
  if (by === 'contains') return folded(text).includes(folded(wanted));
  const order = orderOf(text, wanted);
  switch (by) {
    case '=':
      return order === null ? folded(text) === folded(wanted) : order === 0;
    case '<':
      return order !== null && order < 0;
    case '<=':
      return order !== null && order <= 0;
    case '>':
      return order !== null && order > 0;
    case '>=':
      return order !== null && order >= 0;
  }
}

/**
 * Below 0 if less, 0 if equal; `null` if these are not two numbers or two dates. A date counts as far as
 * it is written: all days of March 2021 equal 2021-03.
 */
function orderOf(found: string, wanted: string): number | null {
  if (isNumber(found) && isNumber(wanted)) return Number(found) - Number(wanted);
  if (!date.test(wanted) || !/^\d{4}-\d{2}-\d{2}/.test(found)) return null;
  const same = found.slice(0, wanted.length);
  return same < wanted ? -1 : same > wanted ? 1 : 0;
}

export function isNumber(text: string): boolean {
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text.trim());
}

export function isDate(text: string): boolean {
  return date.test(text);
}

/** Capitals do not count, nor how accents are encoded. */
function folded(text: string): string {
  return text.normalize('NFC').toLowerCase();
}
