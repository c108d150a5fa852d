/**
 * The store in LanceDB, embedded: two tables in one folder. The only importer of LanceDB, itself
 * loaded only when such a store is opened; everything else knows `Tables`.
 */
import { Index, connect } from '@lancedb/lancedb';
import type { Table } from '@lancedb/lancedb';
import type { RecordBatch } from 'apache-arrow';
import {
  documentSchema,
  documentTable,
  passageSchema,
  passageTable,
  readDocuments,
  readPassages,
} from './arrowRows.js';
import { toColumns } from './columns.js';
import { cosineSimilarity, norm } from './cosine.js';
import type { DocumentRow, PassageRow, Tables } from './tables.js';

/** Up to here a scan answers exactly within about 50 ms; beyond, an HNSW-SQ index does. */
const defaultExactRows = 50_000;
/** With these, 0.985 of the ten nearest are found among a million rows, in 13 ms. */
const searchWidth = 800;
const refineFactor = 20;
/** Names in one `IN (...)`. */
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
  // Interval 0: every read looks for what another process wrote.
  const connection = await connect(folder, { readConsistencyInterval: 0 });
  const existing = create ? await connection.tableNames() : [];
  const open = async (name: string, schema: ReturnType<typeof documentSchema>): Promise<Table> =>
    create && !existing.includes(name)
      ? connection.createEmptyTable(name, schema)
      : connection.openTable(name);
  const documents = await open('documents', documentSchema(dimension));
  const passages = await open('passages', passageSchema(dimension));

  async function remove(keys: readonly string[]): Promise<void> {
    for (const portion of portions(keys)) {
      // Documents first: a passage without its document is never shown.
      await documents.delete(inList('key', portion));
      await passages.delete(inList('document', portion));
    }
  }

  const all = (table: Table) => table.query().where("key != ''");
  // Left behind when a compaction was killed.
  if (create) await removePlaceholders();

  async function removePlaceholders(): Promise<void> {
    await documents.delete("key = ''");
    await passages.delete("document = ''");
  }

  return {
    async counts() {
      return {
        documents: await documents.countRows("key != ''"),
        passages: await passages.countRows("document != ''"),
      };
    },
    async fingerprints() {
      const columns = ['key', 'fingerprint', 'passages'];
      const rows = await collect(all(documents).select(columns), readDocuments);
      return new Map(
        rows.map(({ key, fingerprint, passages }) => [key, { fingerprint, passages }]),
      );
    },
    documents: (keys) => selectIn(documents, 'key', keys, readDocuments),
    async documentById(id) {
      return (await selectIn(documents, 'id', [id], readDocuments))[0] ?? null;
    },
    async passagesOf(keys) {
      const rows = await selectIn(passages, 'document', keys, readPassages);
      return rows.sort((a, b) => a.index - b.index);
    },
    async passagesByText(hashes) {
      const rows = await selectIn(passages, 'textHash', hashes, readPassages);
      return new Map(rows.map((row) => [row.textHash, row]));
    },
    async nearestDocuments(vector, limit) {
      const rows = await nearest(documents, vector, limit, ['key', 'id'], readDocuments);
      return bySimilarity(vector, rows).flatMap(({ row: { key, id }, similarity }) =>
        key === '' ? [] : [{ key, id, similarity }],
      );
    },
    async nearestPassages(vector, limit) {
      const columns = ['document', 'index', 'start', 'end'];
      const rows = await nearest(passages, vector, limit, columns, readPassages);
      return bySimilarity(vector, rows).flatMap(({ row, similarity }) => {
        const { document, index, start, end } = row;
        return document === '' ? [] : [{ document, index, start, end, similarity }];
      });
    },
    async allDocuments() {
      const columns = ['key', 'id', 'category', 'group', 'file', 'vector'];
      const rows = await collect(all(documents).select(columns), readDocuments);
      return toColumns(rows, dimension);
    },
    async put(newDocuments, newPassages) {
      await remove(newDocuments.map((row) => row.key));
      // Passages first: a document that is there is there with all of them.
      if (newPassages.length > 0) await passages.add(passageTable(newPassages, dimension));
      if (newDocuments.length > 0) await documents.add(documentTable(newDocuments, dimension));
    },
    remove,
    async compact() {
      await rewrite(documents, documentTable([placeholder(dimension)], dimension));
      await rewrite(passages, passageTable([placeholder(dimension)], dimension));
      await removePlaceholders();
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

type ReadBatch<Row> = (batch: RecordBatch) => Row[];

async function collect<Row>(
  batches: AsyncIterable<RecordBatch>,
  read: ReadBatch<Row>,
): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const batch of batches) for (const row of read(batch)) rows.push(row);
  return rows;
}

async function selectIn<Row>(
  table: Table,
  column: string,
  values: readonly string[],
  read: ReadBatch<Row>,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (const portion of portions(values)) {
    rows.push(...(await collect(table.query().where(inList(column, portion)), read)));
  }
  return rows;
}

async function nearest<Row>(
  table: Table,
  vector: Float32Array,
  limit: number,
  columns: string[],
  read: ReadBatch<Row>,
): Promise<Row[]> {
  if (limit < 1) return [];
  const query = table
    .vectorSearch(vector)
    .distanceType('cosine')
    .select([...columns, 'vector', '_distance'])
    .limit(limit);
  const indexed = await hasVectorIndex(table);
  return collect(
    indexed
      ? query.ef(Math.max(searchWidth, limit)).refineFactor(refineFactor)
      : query.bypassVectorIndex(),
    read,
  );
}

/** LanceDB's distances are float32 sums in an order of its own; ours are the same in every store. */
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
 * Joins fragments and deletes old versions. LanceDB leaves deleted rows in a lone fragment on the disk
 * while they are less than a tenth of it; a second fragment makes it write both anew, so we add one
 * row that says nothing, and take it away afterwards.
 */
async function rewrite(table: Table, extra: ReturnType<typeof documentTable>): Promise<void> {
  await table.add(extra);
  await table.optimize({ cleanupOlderThan: new Date(), deleteUnverified: true });
}

async function indexVectors(table: Table, exactRows: number): Promise<void> {
  const indexed = await hasVectorIndex(table);
  if (indexed || (await table.countRows()) <= exactRows) return;
  await table.createIndex('vector', { config: Index.hnswSq({ distanceType: 'cosine' }) });
}

async function hasVectorIndex(table: Table): Promise<boolean> {
  return (await table.listIndices()).some((index) => index.columns.includes('vector'));
}

/** A row of either table whose key no document has. */
function placeholder(dimension: number): DocumentRow & PassageRow {
  const nothing = { category: null, label: null, group: null, file: null };
  const empty = { key: '', id: '', text: '', fingerprint: '', document: '', textHash: '' };
  const numbers = { passages: 0, index: 0, start: 0, end: 0, tokens: 0 };
  return { ...nothing, ...empty, ...numbers, vector: new Float32Array(dimension).fill(1) };
}

function* portions(values: readonly string[]): Iterable<readonly string[]> {
  for (let i = 0; i < values.length; i += namesAtOnce) yield values.slice(i, i + namesAtOnce);
}

/** Column names are quoted: without quotes, capitals are lost. */
function inList(column: string, values: readonly string[]): string {
  const list = values.map((value) => `'${value.replaceAll("'", "''")}'`).join(', ');
  return `\`${column}\` IN (${list})`;
}
