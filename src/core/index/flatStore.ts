/**
 * The store without LanceDB: exact search over vectors in memory, for machines without AVX2.
 *
 *     head.json        names of the segments, in order; replaced last, as the commit
 *     NAME.json        rows and removed keys of a segment
 *     NAME.vectors     float32: its document vectors, then its passage vectors
 *
 * Readers follow the head; later segments override rows of earlier ones.
 */
import { readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { systemCode } from '../base/errors.js';
import { makeFolder, writeFileAtomic } from '../base/files.js';
import { nearestRows } from './cosine.js';
import { readSegment, writeSegment } from './flatSegment.js';
import type { DocumentRow, PassageRow, Tables } from './tables.js';

/**
 * Documents per segment after compaction; keeps each JSON text far below the maximum string length.
 */
const documentsPerSegment = 4096;
/** Maximum number of rows per batch of results. */
const rowsPerBatch = 4096;

interface Loaded {
  readonly segments: readonly string[];
  readonly documents: Map<string, DocumentRow>;
  /** By document key, ordered by passage index. */
  readonly passages: Map<string, readonly PassageRow[]>;
}

/** Rows in a fixed order with their vectors; created at the first search. */
interface Searchable {
  readonly documents: readonly DocumentRow[];
  readonly documentVectors: Float32Array;
  readonly passages: readonly PassageRow[];
  readonly passageVectors: Float32Array;
}

export async function openFlatStore(
  folder: string,
  { create, dimension }: { readonly create: boolean; readonly dimension: number },
): Promise<Tables> {
  if (create) {
    await makeFolder(folder);
    const head = (await headIfAny(folder)) ?? emptyHead;
    if (head === emptyHead) await writeHead(folder, head);
    await removeUnnamed(folder, head.segments);
  }
  let loaded: Loaded = { segments: [], documents: new Map(), passages: new Map() };
  let searchable: Searchable | null = null;

  async function current(): Promise<Loaded> {
    for (let attempt = 0; ; attempt++) {
      const { segments } = await readHead(folder);
      if (segments.join() === loaded.segments.join()) return loaded;
      try {
        loaded = await load(folder, segments, dimension, loaded);
        searchable = null;
        return loaded;
      } catch (error) {
        // A writer compacted between our two reads; the head now names the new files.
        if (systemCode(error) !== 'ENOENT' || attempt >= 5) throw error;
      }
    }
  }

  async function search(): Promise<Searchable> {
    const { documents, passages } = await current();
    searchable ??= toSearchable(documents, passages, dimension);
    return searchable;
  }

  async function append(
    documents: readonly DocumentRow[],
    passages: readonly PassageRow[],
    removed: readonly string[],
  ): Promise<void> {
    const { segments, next } = await readHead(folder);
    const name = segmentName(next);
    await writeSegment(folder, name, { documents, passages, removed }, dimension);
    await writeHead(folder, { segments: [...segments, name], next: next + 1 });
  }

  return {
    async version() {
      return (await readHead(folder)).segments.join();
    },
    async counts() {
      const { documents, passages } = await current();
      let count = 0;
      for (const rows of passages.values()) count += rows.length;
      return { documents: documents.size, passages: count };
    },
    async *documents(columns, only) {
      const { documents } = await current();
      if (only === undefined) yield* inBatches(documents.values(), columns);
      else if ('id' in only) yield* inBatches(having(documents.values(), 'id', only.id), columns);
      else yield* inBatches(valuesAt(documents, only.key), columns);
    },
    async *passages(columns, only) {
      const { passages } = await current();
      const all = each(passages.values());
      if (only === undefined) yield* inBatches(all, columns);
      else if ('textHash' in only)
        yield* inBatches(having(all, 'textHash', only.textHash), columns);
      else yield* inBatches(each(valuesAt(passages, only.document)), columns);
    },
    async nearestDocuments(vector, limit) {
      const { documents, documentVectors } = await search();
      return nearestRows(vector, documentVectors, limit).map(({ row, similarity }) => {
        const { key, id } = documents[row]!;
        return { key, id, similarity };
      });
    },
    async nearestPassages(vector, limit) {
      const { passages, passageVectors } = await search();
      return nearestRows(vector, passageVectors, limit).map(({ row, similarity }) => {
        const { document, index, start, end } = passages[row]!;
        return { document, index, start, end, similarity };
      });
    },
    put: (documents, passages) => append(documents, passages, []),
    remove: (keys) => append([], [], keys),
    async compact() {
      const { documents, passages } = await current();
      let { next } = await readHead(folder);
      const keys = [...documents.keys()];
      const names: string[] = [];
      for (let i = 0; i < keys.length; i += documentsPerSegment) {
        const portion = keys.slice(i, i + documentsPerSegment);
        const name = segmentName(next++);
        const content = {
          documents: portion.map((key) => documents.get(key)!),
          passages: portion.flatMap((key) => passages.get(key) ?? []),
          removed: [],
        };
        await writeSegment(folder, name, content, dimension);
        names.push(name);
      }
      await writeHead(folder, { segments: names, next });
      await removeUnnamed(folder, names);
    },
    close: () => Promise.resolve(),
  };
}

function* valuesAt<T>(map: ReadonlyMap<string, T>, keys: readonly string[]): Generator<T> {
  for (const key of keys) {
    const value = map.get(key);
    if (value !== undefined) yield value;
  }
}

function* each<Row>(lists: Iterable<readonly Row[]>): Generator<Row> {
  for (const list of lists) yield* list;
}

function* having<Row, Column extends keyof Row>(
  rows: Iterable<Row>,
  column: Column,
  values: readonly Row[Column][],
): Generator<Row> {
  const wanted = new Set(values);
  for (const row of rows) if (wanted.has(row[column])) yield row;
}

function* inBatches<Row, Column extends keyof Row>(
  rows: Iterable<Row>,
  columns: readonly Column[],
): Generator<Pick<Row, Column>[]> {
  let batch: Pick<Row, Column>[] = [];
  for (const row of rows) {
    batch.push(Object.fromEntries(columns.map((name) => [name, row[name]])) as Pick<Row, Column>);
    if (batch.length < rowsPerBatch) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

async function load(
  folder: string,
  segments: readonly string[],
  dimension: number,
  before: Loaded,
): Promise<Loaded> {
  // If only segments were appended, keep what is loaded.
  const grows = before.segments.every((name, i) => segments[i] === name);
  const documents = new Map(grows ? before.documents : []);
  const passages = new Map(grows ? before.passages : []);
  for (const name of grows ? segments.slice(before.segments.length) : segments) {
    const segment = await readSegment(folder, name, dimension);
    for (const key of segment.removed) {
      documents.delete(key);
      passages.delete(key);
    }
    for (const row of segment.documents) {
      documents.set(row.key, row);
      passages.set(row.key, []);
    }
    for (const row of segment.passages) {
      passages.set(row.document, [...(passages.get(row.document) ?? []), row]);
    }
  }
  return { segments, documents, passages };
}

function toSearchable(
  documentMap: ReadonlyMap<string, DocumentRow>,
  passageMap: ReadonlyMap<string, readonly PassageRow[]>,
  dimension: number,
): Searchable {
  const documents = [...documentMap.values()];
  const passages = [...passageMap.values()].flat();
  const join = (rows: readonly { readonly vector: Float32Array }[]): Float32Array => {
    const vectors = new Float32Array(rows.length * dimension);
    rows.forEach((row, i) => {
      vectors.set(row.vector, i * dimension);
    });
    return vectors;
  };
  return {
    documents,
    documentVectors: join(documents),
    passages,
    passageVectors: join(passages),
  };
}

interface Head {
  readonly segments: readonly string[];
  /** Number of the next segment. Names are never reused, or a reader would miss the change. */
  readonly next: number;
}

const emptyHead: Head = { segments: [], next: 1 };

async function readHead(folder: string): Promise<Head> {
  return JSON.parse(await readFile(join(folder, 'head.json'), 'utf8')) as Head;
}

async function headIfAny(folder: string): Promise<Head | null> {
  try {
    return await readHead(folder);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw error;
  }
}

async function writeHead(folder: string, head: Head): Promise<void> {
  await writeFileAtomic(join(folder, 'head.json'), JSON.stringify({ format: 1, ...head }));
}

function segmentName(number: number): string {
  return `segment-${number}`;
}

/** Removes segments that the head does not name: compacted, or left by a killed writer. */
async function removeUnnamed(folder: string, segments: readonly string[]): Promise<void> {
  const named = new Set(['head.json', ...segments.flatMap((n) => [`${n}.json`, `${n}.vectors`])]);
  for (const name of await readdir(folder)) {
    if (!named.has(name)) await rm(join(folder, name), { force: true });
  }
}
