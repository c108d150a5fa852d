/** Converts rows to and from Arrow tables, LanceDB's data format. */
import type { Data, FixedSizeList, Float32, RecordBatch, Schema, Table } from 'apache-arrow';
import type { DocumentRow, PassageRow } from './tables.js';

// `require`, not `import`: importing Arrow would load a second copy, whose tables LanceDB rejects.
import arrow = require('apache-arrow');

/** `json`: a value of any shape, written as JSON. */
type Kind = 'text' | 'text or null' | 'number' | 'json' | 'vector';
/** The columns of a table, in order. */
export type Columns<Row> = Readonly<Record<keyof Row & string, Kind>>;

export const documentColumns: Columns<DocumentRow> = {
  key: 'text',
  id: 'text',
  text: 'text',
  fingerprint: 'text',
  category: 'text or null',
  label: 'text or null',
  group: 'text or null',
  date: 'text or null',
  fields: 'json',
  file: 'text or null',
  passages: 'number',
  vector: 'vector',
};

export const passageColumns: Columns<PassageRow> = {
  document: 'text',
  textHash: 'text',
  index: 'number',
  start: 'number',
  end: 'number',
  tokens: 'number',
  vector: 'vector',
};

export function schemaOf<Row>(columns: Columns<Row>, dimension: number): Schema {
  const fields = Object.entries<Kind>(columns).map(([name, kind]) => {
    if (kind === 'vector') return new arrow.Field(name, vectorType(dimension), false);
    if (kind === 'number') return new arrow.Field(name, new arrow.Int32(), false);
    return new arrow.Field(name, new arrow.Utf8(), true);
  });
  return new arrow.Schema(fields);
}

/** Built column by column; LanceDB's own conversion of objects handles every number separately. */
export function tableOf<Row extends { readonly vector: Float32Array }>(
  columns: Columns<Row>,
  rows: readonly Row[],
  dimension: number,
): Table {
  const children = Object.entries<Kind>(columns).map(([name, kind]) => {
    if (kind === 'vector') return vectorsOf(rows, dimension);
    const given = rows.map((row) => (row as Record<string, unknown>)[name]);
    const values = kind === 'json' ? given.map((value) => JSON.stringify(value)) : given;
    const type = kind === 'number' ? new arrow.Int32() : new arrow.Utf8();
    return onlyChunk(arrow.vectorFromArray(values, type).data);
  });
  const schema = schemaOf(columns, dimension);
  const type = new arrow.Struct(schema.fields);
  const struct = arrow.makeData({ type, length: rows.length, nullCount: 0, children });
  return new arrow.Table(schema, [new arrow.RecordBatch(schema, struct)]);
}

/** Vectors are views of the batch, and keep it in memory. */
export function rowsIn<Row, Column extends keyof Row & string>(
  batch: RecordBatch,
  columns: Columns<Row>,
  chosen: readonly Column[],
): Pick<Row, Column>[] {
  const readers = chosen.map((name) => [name, readerOf(batch, name, columns[name])] as const);
  return Array.from({ length: batch.numRows }, (_, row) => {
    const values: Record<string, unknown> = {};
    for (const [name, read] of readers) values[name] = read(row);
    return values as Pick<Row, Column>;
  });
}

function readerOf(batch: RecordBatch, name: string, kind: Kind): (row: number) => unknown {
  const values = batch.getChild(name);
  if (values === null) throw new Error(`the column ${name} was not read`);
  if (kind === 'number') return (row) => Number(values.get(row));
  if (kind === 'vector') {
    return (row) => (values.get(row) as { toArray(): Float32Array }).toArray();
  }
  if (kind === 'json') return (row) => JSON.parse(values.get(row) as string) as unknown;
  const nothing = kind === 'text' ? '' : null;
  return (row) => (values.get(row) as string | null) ?? nothing;
}

function vectorsOf(
  rows: readonly { readonly vector: Float32Array }[],
  dimension: number,
): Data<FixedSizeList<Float32>> {
  const data = new Float32Array(rows.length * dimension);
  rows.forEach((row, i) => data.set(row.vector, i * dimension));
  const type = new arrow.Float32();
  const child = arrow.makeData({ type, length: data.length, nullCount: 0, data });
  return arrow.makeData({ type: vectorType(dimension), length: rows.length, nullCount: 0, child });
}

function vectorType(dimension: number): FixedSizeList<Float32> {
  return new arrow.FixedSizeList(dimension, new arrow.Field('item', new arrow.Float32(), true));
}

function onlyChunk(chunks: readonly Data[]): Data {
  const [chunk] = chunks;
  if (chunk === undefined) throw new Error('an Arrow vector without a chunk');
  return chunk;
}
