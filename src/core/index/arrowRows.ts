/** Rows as Arrow tables, the form in which LanceDB takes and gives them. */
import type { Data, FixedSizeList, Float32, RecordBatch, Schema, Table } from 'apache-arrow';
import type { DocumentRow, PassageRow } from './tables.js';

// LanceDB requires Arrow; an imported Arrow would be a second copy, whose tables it does not know.
import arrow = require('apache-arrow');

const documentTexts = ['key', 'id', 'text', 'fingerprint', 'category', 'label', 'group', 'file'];
const documentNumbers = ['passages'];
const passageTexts = ['document', 'textHash'];
const passageNumbers = ['index', 'start', 'end', 'tokens'];

export const documentSchema = (dimension: number): Schema =>
  schemaOf(documentTexts, documentNumbers, dimension);
export const passageSchema = (dimension: number): Schema =>
  schemaOf(passageTexts, passageNumbers, dimension);

export const documentTable = (rows: readonly DocumentRow[], dimension: number): Table =>
  tableOf(rows, documentTexts, documentNumbers, dimension);
export const passageTable = (rows: readonly PassageRow[], dimension: number): Table =>
  tableOf(rows, passageTexts, passageNumbers, dimension);

/** Columns that were not asked for read as nothing: '', 0, null or an empty vector. */
export function readDocuments(batch: RecordBatch): DocumentRow[] {
  const { text, textOrNull, number, vector } = columnsOf(batch);
  return Array.from({ length: batch.numRows }, (_, row) => ({
    key: text('key', row),
    id: text('id', row),
    text: text('text', row),
    fingerprint: text('fingerprint', row),
    category: textOrNull('category', row),
    label: textOrNull('label', row),
    group: textOrNull('group', row),
    file: textOrNull('file', row),
    passages: number('passages', row),
    vector: vector(row),
  }));
}

export function readPassages(batch: RecordBatch): PassageRow[] {
  const { text, number, vector } = columnsOf(batch);
  return Array.from({ length: batch.numRows }, (_, row) => ({
    document: text('document', row),
    index: number('index', row),
    start: number('start', row),
    end: number('end', row),
    textHash: text('textHash', row),
    tokens: number('tokens', row),
    vector: vector(row),
  }));
}

function schemaOf(texts: string[], numbers: string[], dimension: number): Schema {
  return new arrow.Schema([
    ...texts.map((name) => new arrow.Field(name, new arrow.Utf8(), true)),
    ...numbers.map((name) => new arrow.Field(name, new arrow.Int32(), false)),
    new arrow.Field('vector', vectorType(dimension), false),
  ]);
}

function vectorType(dimension: number): FixedSizeList<Float32> {
  return new arrow.FixedSizeList(dimension, new arrow.Field('item', new arrow.Float32(), true));
}

/** Built column by column; LanceDB's own conversion of objects takes each number in its hand. */
function tableOf(
  rows: readonly { readonly vector: Float32Array }[],
  texts: string[],
  numbers: string[],
  dimension: number,
): Table {
  const schema = schemaOf(texts, numbers, dimension);
  const flat = new Float32Array(rows.length * dimension);
  rows.forEach((row, i) => flat.set(row.vector, i * dimension));
  const values = (name: string) => rows.map((row) => (row as Record<string, unknown>)[name]);
  const item = arrow.makeData({
    type: new arrow.Float32(),
    length: flat.length,
    nullCount: 0,
    data: flat,
  });
  const children: Data[] = [
    ...texts.map((name) => onlyChunk(arrow.vectorFromArray(values(name), new arrow.Utf8()).data)),
    ...numbers.map((name) =>
      onlyChunk(arrow.vectorFromArray(values(name), new arrow.Int32()).data),
    ),
    arrow.makeData({ type: vectorType(dimension), length: rows.length, nullCount: 0, child: item }),
  ];
  const struct = arrow.makeData({
    type: new arrow.Struct(schema.fields),
    length: rows.length,
    nullCount: 0,
    children,
  });
  return new arrow.Table(schema, [new arrow.RecordBatch(schema, struct)]);
}

function onlyChunk(chunks: readonly Data[]): Data {
  const [chunk] = chunks;
  if (chunk === undefined) throw new Error('an Arrow vector without a chunk');
  return chunk;
}

function columnsOf(batch: RecordBatch): {
  text: (name: string, row: number) => string;
  textOrNull: (name: string, row: number) => string | null;
  number: (name: string, row: number) => number;
  vector: (row: number) => Float32Array;
} {
  const value = (name: string, row: number): unknown => batch.getChild(name)?.get(row) ?? null;
  const textOrNull = (name: string, row: number): string | null => {
    const found = value(name, row);
    return typeof found === 'string' ? found : null;
  };
  return {
    textOrNull,
    text: (name, row) => textOrNull(name, row) ?? '',
    number: (name, row) => Number(value(name, row) ?? 0),
    vector: (row) => {
      const list = value('vector', row) as { toArray(): Float32Array } | null;
      return list === null ? new Float32Array(0) : Float32Array.from(list.toArray());
    },
  };
}
