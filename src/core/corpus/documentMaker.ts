/** Turns rows into documents: the mapped fields, an id of its own, dates in ISO 8601. */
import type { FieldMapping, FieldRole } from '../../protocol/catalogue/fieldRoles.js';
import type { DateOrder } from '../../protocol/catalogue/reading.js';
import type { ReportProblem, Row } from './corpus.js';
import { toIsoDate } from './dates.js';
import type { Document, FieldValues } from './document.js';
import { createFieldReader } from './keptFields.js';
import type { TypedField } from './keptFields.js';
import type { MissingValues } from './missingValues.js';
import { createUniqueIds } from './uniqueIds.js';

export interface DocumentMaker {
  /** `null`, and reported, if the row has no note. */
  make(row: Row): Document | null;
  /** Says what is known of all rows together. */
  report(name: string): void;
}

export interface DocumentMakerOptions {
  readonly mapping: FieldMapping;
  /** Further columns of the text. */
  readonly moreText: readonly string[];
  readonly dateOrder: DateOrder;
  readonly kept: readonly TypedField[];
  readonly missing: MissingValues;
  readonly report: ReportProblem;
}

export function createDocumentMaker(options: DocumentMakerOptions): DocumentMaker {
  const { mapping, moreText, dateOrder, kept, missing, report } = options;
  const uniqueIds = createUniqueIds();
  const fieldReader = createFieldReader();
  /** Fields whose missing values are counted already. */
  const hasRole = new Set(Object.values(mapping));
  let repeatedIds = 0;

  function uniqueId(asked: string, where: string): string {
    const id = uniqueIds(asked);
    if (id !== asked && ++repeatedIds <= namedIds) {
      report(
        where,
        `The id is not unique; it became the same with #${id.slice(asked.length + 1)}.`,
        'kept',
      );
    }
    return id;
  }

  /** With the blanks around it. */
  function textIn(row: Row, field: string): string | null {
    const text = row.value(field, 'lines');
    return missing.isMissing('text', field, text) ? null : text;
  }

  function textOf(row: Row): string | null {
    if (moreText.length === 0) return mapping.text === null ? null : textIn(row, mapping.text);
    const fields = mapping.text === null ? moreText : [mapping.text, ...moreText];
    const parts = fields.flatMap((field) => {
      const text = textIn(row, field);
      return text === null ? [] : [`${field}:\n${text}`];
    });
    return parts.length === 0 ? null : parts.join('\n\n');
  }

  function fieldsOf(row: Row): FieldValues {
    if (kept.length === 0) return noFields;
    return Object.fromEntries(
      kept.map((field) => {
        // None may be a class in a column of text, as in a category.
        const role = field.type === 'text' ? 'category' : 'date';
        const written = row.value(field.name);
        const value = hasRole.has(field.name)
          ? missing.again(role, written)
          : missing.filled(role, field.name, written);
        return [field.name, fieldReader.read(field, value)];
      }),
    );
  }

  function make(row: Row): Document | null {
    const value = (role: FieldRole): string | null => {
      const field = mapping[role];
      return field === null ? null : missing.filled(role, field, row.value(field));
    };
    const text = row.text ?? textOf(row);
    if (text === null || text.trim() === '') {
      report(row.where, 'The note has no text; it was skipped.', 'skipped');
      return null;
    }
    const written = value('date');
    const date = written === null ? null : toIsoDate(written, dateOrder);
    if (written !== null && date === null) {
      report(row.where, 'The date cannot be read; the note is kept without one.', 'kept');
    }
    return {
      id: uniqueId(value('id') ?? row.file ?? `row-${row.line}`, row.where),
      text,
      category: value('category'),
      label: value('label'),
      group: value('group'),
      date,
      split: value('split'),
      file: row.isExtracted === true ? null : row.file,
      row: row.line,
      fields: fieldsOf(row),
    };
  }

  return {
    make,
    report(name) {
      missing.report(name, report);
      if (repeatedIds > namedIds) {
        const more = (repeatedIds - namedIds).toLocaleString('en');
        report(
          `${name}:1`,
          `${more} more ids are not unique; they became the same with #N.`,
          'kept',
        );
      }
      fieldReader.report(name, report);
    },
  };
}

const noFields: FieldValues = {};
/** So many ids that are not unique are named, each with its row; the others are counted. */
const namedIds = 1000;
