/** The columns that a user keeps with every note: what type each is, and its values as that type. */
import type { DateOrder, FieldType, KeptField } from '../../protocol/catalogue/reading.js';
import type { ReportProblem } from './corpus.js';
import { createDateVote } from './dateOrder.js';
import { toIsoDate } from './dates.js';
import type { FieldValue } from './document.js';
import { nameParts } from './identifiers.js';

export interface TypedField extends KeptField {
  /** How its dates are written, if it holds dates. */
  readonly order: DateOrder;
}

export interface TypeVote {
  add(value: string): void;
  readonly isClear: boolean;
  result(): TypedField;
}

const dateWords = new Set('date time datetime timestamp dt dttm dtm day when at on'.split(' '));
/** Share of the values that must be dates; the others are named as unreadable. */
const datesShare = 0.9;
const clearAfter = 2000;

/** Settles the type of a column on its values, missing ones left out. */
export function createTypeVote(name: string): TypeVote {
  const dates = createDateVote();
  const isNamedDate = nameParts(name).some((part) => dateWords.has(part) || /date|time/.test(part));
  let seen = 0;
  let numbers = 0;
  return {
    get isClear() {
      return seen >= clearAfter && (numbers < seen || dates.isClear);
    },
    add(value) {
      seen++;
      if (numberOf(value) !== null) numbers++;
      // Prose is no date, and long values are slow to match.
      if (value.length <= 60) dates.add(value);
    },
    result() {
      const { order, read } = dates.result();
      const isDate = seen > 0 && read >= datesShare * seen;
      const isNumber = seen > 0 && numbers === seen;
      const type: FieldType =
        isDate && (isNamedDate || !isNumber) ? 'date' : isNumber ? 'number' : 'text';
      return { name, type, order };
    },
  };
}

/** `null` for codes such as 007, and for numbers that lose digits. */
export function numberOf(written: string): number | null {
  const text = written.trim();
  if (!/^[-+]?(?:0|[1-9]\d*)?(?:\.\d+)?(?:e[-+]?\d+)?$/i.test(text) || !/\d/.test(text))
    return null;
  const value = Number(text);
  if (!Number.isFinite(value)) return null;
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? null : value;
}

export interface FieldReader {
  /** @param value `null` if missing */
  read(field: TypedField, value: string | null): FieldValue;
  /** Says how many values are not of their column's type. */
  report(name: string, report: ReportProblem): void;
}

export function createFieldReader(): FieldReader {
  const unread = new Map<TypedField, number>();
  return {
    read(field, value) {
      if (value === null || field.type === 'text') return value;
      const read = field.type === 'number' ? numberOf(value) : toIsoDate(value, field.order);
      if (read === null) unread.set(field, (unread.get(field) ?? 0) + 1);
      return read;
    },
    report(name, report) {
      for (const [field, count] of unread) {
        const values = count === 1 ? '1 value is' : `${count.toLocaleString('en')} values are`;
        report(
          `${name}:1`,
          `${values} no ${field.type} in "${field.name}", which holds ${field.type}s: kept as missing.`,
          'kept',
        );
      }
    },
  };
}
