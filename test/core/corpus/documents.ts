import type { Document } from '../../../src/core/corpus/document.js';

/** A note whose text differs from that of every other id. */
export function document(id: string, facts: Partial<Document> = {}): Document {
  return {
    id,
    text: `note ${id} about ${id}${id} and other ${id} things that differ ${id}`,
    category: null,
    label: null,
    group: null,
    date: null,
    split: null,
    file: null,
    row: 1,
    fields: {},
    ...facts,
  };
}

export const ids = (documents: readonly Document[]): string[] => documents.map(({ id }) => id);

export const many = (count: number, facts: (i: number) => Partial<Document>): Document[] =>
  Array.from({ length: count }, (_, i) => document(`d${i}`, facts(i)));
