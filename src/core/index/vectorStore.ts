/**
 * The store in embedded LanceDB: two tables in one folder. The only importer of LanceDB, and loaded
 * only when such a store is opened; all other code uses `Tables`.
 */
import { Index, connect } from '@lancedb/lancedb';
import type { Table } from '@lancedb/lancedb';
import { documentColumns, passageColumns, rowsIn, schemaOf, tableOf } from './arrowRows.js';
import type { Columns } from './arrowRows.js';
import { cosineSimilarity, norm } from './cosine.js';
import type { Batches, DocumentRow, PassageRow, Tables } from './tables.js';

/**
 * Above, an HNSW-SQ index is built, for machines whose memory does not hold the vectors: up to here LanceDB's
 * own scan takes some 150 ms at most, and building takes minutes.
 */
const defaultExactRows = 250_000;
/** With these settings, 98.5 % of the ten nearest of a million rows are found, in 13 ms. */
const searchWidth = 800;
const refineFactor = 20;
/** Maximum number of names in one `IN (...)`. */
const namesAtOnce = 500;

export interface VectorStoreOptions {
  readonly create: boolean;
  readonly dimension: number;
  readonly exactRows?: number;
}

export async function openVectorStore(
  folder: string,
  { create, dimension, exactRows = defaultExactRows }: VectorStoreOptions,
): Promise<Tables> {
  // Interval 0: every read checks for other processes' writes.
  const connection = await connect(folder, { readConsistencyInterval: 0 });
  const existing = create ? await connection.tableNames() : [];
  const open = async <Row>(name: string, columns: Columns<Row>): Promise<Table> =>
    create && !existing.includes(name)
      ? connection.createEmptyTable(name, schemaOf(columns, dimension))
      : connection.openTable(name);
  const documents = await open('documents', documentColumns);
  const passages = await open('passages', passageColumns);

  async function remove(keys: readonly string[]): Promise<void> {
    for (const portion of portions(keys)) {
      // Documents first, so that no passage appears without its document.
      await documents.delete(inList('key', portion));
      await passages.delete(inList('document', portion));
    }
  }

  // Left by a killed compaction.
  if (create) await removePlaceholders();

  async function removePlaceholders(): Promise<void> {
    await documents.delete("key = ''");
    await passages.delete("document = ''");
  }

  return {
    async version() {
      // Passages are written first: with their documents' version, they are complete.
      return String(await documents.version());
    },
    async counts() {
      return {
        documents: await documents.countRows("key != ''"),
        passages: await passages.countRows("document != ''"),
      };
    },
    documents: (columns, only) =>
      readRows(documents, documentColumns, columns, filters(only, "key != ''")),
    passages: (columns, only) =>
      readRows(passages, passageColumns, columns, filters(only, "document != ''")),
    async nearestDocuments(vector, limit) {
      const rows = await nearest<DocumentRow, 'key' | 'id'>(
        documents,
        vector,
        limit,
        documentColumns,
        ['key', 'id'],
      );
      return bySimilarity(vector, rows).flatMap(({ row: { key, id }, similarity }) =>
        key === '' ? [] : [{ key, id, similarity }],
      );
    },
    async nearestPassages(vector, limit) {
      const columns = ['document', 'index', 'start', 'end'] as const;
      const rows = await nearest<PassageRow, (typeof columns)[number]>(
        passages,
        vector,
        limit,
        passageColumns,
        columns,
      );
      return bySimilarity(vector, rows).flatMap(({ row, similarity }) => {
        const { document, index, start, end } = row;
        return document === '' ? [] : [{ document, index, start, end, similarity }];
      });
    },
    async put(newDocuments, newPassages) {
      await remove(newDocuments.map((row) => row.key));
      // Passages first, so that every document has all its passages.
      if (newPassages.length > 0) {
        await passages.add(tableOf(passageColumns, newPassages, dimension));
      }
      if (newDocuments.length > 0) {
        await documents.add(tableOf(documentColumns, newDocuments, dimension));
      }
    },
    remove,
    async compact() {
      const extra = [placeholder(dimension)];
      for (const table of [documents, passages]) await dropScalarIndexes(table);
      await rewrite(documents, tableOf<DocumentRow>(documentColumns, extra, dimension));
      await rewrite(passages, tableOf<PassageRow>(passageColumns, extra, dimension));
      await removePlaceholders();
      await indexScalars(documents, ['key', 'id']);
      await indexScalars(passages, ['document', 'textHash']);
      for (const table of [documents, passages]) await indexVectors(table, exactRows);
    },
    close() {
      documents.close();
      passages.close();
      connection.close();
      return Promise.resolve();
    },
  };
}

/** One condition per query; `everything` if there is no filter. */
function filters(
  only: Readonly<Record<string, readonly string[]>> | undefined,
  everything: string,
) {
  if (only === undefined) return [everything];
  return Object.entries(only).flatMap(([column, values]) =>
    [...portions(values)].map((portion) => inList(column, portion)),
  );
}

async function* readRows<Row, Column extends keyof Row & string>(
  table: Table,
  columns: Columns<Row>,
  chosen: readonly Column[],
  conditions: readonly string[],
): Batches<Pick<Row, Column>> {
  for (const condition of conditions) {
    const query = table
      .query()
      .select([...chosen])
      .where(condition);
    for await (const batch of query) yield rowsIn(batch, columns, chosen);
  }
}

async function nearest<
  Row extends { readonly vector: Float32Array },
  Column extends keyof Row & string,
>(
  table: Table,
  vector: Float32Array,
  limit: number,
  columns: Columns<Row>,
  chosen: readonly Column[],
): Promise<Pick<Row, Column | 'vector'>[]> {
  if (limit < 1) return [];
  const read = [...chosen, 'vector'] as const;
  const search = table
    .vectorSearch(vector)
    .distanceType('cosine')
    .select([...read, '_distance'])
    .limit(limit);
  const query = (await hasIndex(table, 'vector'))
    ? search.ef(Math.max(searchWidth, limit)).refineFactor(refineFactor)
    : search.bypassVectorIndex();
  const rows: Pick<Row, Column | 'vector'>[] = [];
  for await (const batch of query) rows.push(...rowsIn(batch, columns, read));
  return rows;
}

/** LanceDB sums distances in float32, in its own order; ours are the same in every store. */
function bySimilarity<Row extends { readonly vector: Float32Array }>(
  vector: Float32Array,
  rows: readonly Row[],
): { row: Row; similarity: number }[] {
  const length = norm(vector, 0, vector.length);
  return rows
    .map((row) => ({ row, similarity: cosineSimilarity(vector, length, row.vector, 0) }))
    .sort((a, b) => b.similarity - a.similarity);
}

/**
 * Merges fragments and deletes old versions. LanceDB does not rewrite a single fragment until at
 * least a tenth of its rows are deleted; a second fragment forces it, so we add a placeholder row
 * and remove it afterwards.
 */
async function rewrite(table: Table, extra: ReturnType<typeof tableOf>): Promise<void> {
  await table.add(extra);
  await table.optimize({ cleanupOlderThan: new Date(), deleteUnverified: true });
}

/**
 * Indexes the values of a column, so that a look-up need not scan it. Rows added later are scanned.
 */
async function indexScalars(table: Table, columns: readonly string[]): Promise<void> {
  for (const column of columns) await table.createIndex(column, { config: Index.btree() });
}

/** They also contain ids of removed notes, which leave the disk only with the old index. */
async function dropScalarIndexes(table: Table): Promise<void> {
  for (const { name, columns } of await table.listIndices()) {
    if (!columns.includes('vector')) await table.dropIndex(name);
  }
}

async function indexVectors(table: Table, exactRows: number): Promise<void> {
  const indexed = await hasIndex(table, 'vector');
  if (indexed || (await table.countRows()) <= exactRows) return;
  await table.createIndex('vector', { config: Index.hnswSq({ distanceType: 'cosine' }) });
}

async function hasIndex(table: Table, column: string): Promise<boolean> {
  return (await table.listIndices()).some((index) => index.columns.includes(column));
}

/** A row for either table with a key that no document has. */
function placeholder(dimension: number): DocumentRow & PassageRow {
  const nothing = { category: null, label: null, group: null, date: null, fields: {}, file: null };
  const empty = { key: '', id: '', text: '', fingerprint: '', document: '', textHash: '' };
  const numbers = { passages: 0, index: 0, start: 0, end: 0, tokens: 0 };
  return { ...nothing, ...empty, ...numbers, vector: new Float32Array(dimension).fill(1) };
}

function* portions(values: readonly string[]): Iterable<readonly string[]> {
  for (let i = 0; i < values.length; i += namesAtOnce) yield values.slice(i, i + namesAtOnce);
}

/** Quotes column names: unquoted, they lose their capitals. */
function inList(column: string, values: readonly string[]): string {
  const list = values.map((value) => `'${value.replaceAll("'", "''")}'`).join(', ');
  return `\`${column}\` IN (${list})`;
}
