/** A store on disk: the notes of a corpus with their vectors from one model. */
import { join } from 'node:path';
import { failure, usageError } from '../base/errors.js';
import { openFlatStore } from './flatStore.js';
import { readManifest, storeFormat } from './manifest.js';
import type { StoreManifest, StoredCorpus } from './manifest.js';
import { settle, settleEach } from './storeErrors.js';
import type { Tables } from './tables.js';
// Type only: LanceDB is loaded when a store that uses it is opened.
import type { openVectorStore } from './vectorStore.js';

export interface Store {
  readonly folder: string;
  readonly manifest: StoreManifest;
  readonly tables: Tables;
  /**
   * The same tables with what the manifest says now: indexing in place changes columns, shares and the
   * prompt of queries. `null`: it was rebuilt and must be reopened.
   */
  current(): Promise<Store | null>;
  close(): Promise<void>;
}

/** Opens the store for reading; throws if there is none. */
export async function openStore(folder: string): Promise<Store> {
  const manifest = await readManifest(folder);
  if (manifest === null) {
    throw usageError(`There is no index in ${folder}: index the notes first.`);
  }
  if (manifest.format !== storeFormat) {
    throw usageError(`The index ${folder} was made by an older version: index the notes again.`);
  }
  const tables = await openTables(folder, manifest, { write: false });
  return storeOf(folder, manifest, tables);
}

function storeOf(folder: string, manifest: StoreManifest, tables: Tables): Store {
  return {
    folder,
    manifest,
    tables,
    async current() {
      const now = await readManifest(folder);
      return now?.data === manifest.data ? storeOf(folder, now, tables) : null;
    },
    close: () => tables.close(),
  };
}

/** Throws if a query's vectors come from another model, since they are not comparable. */
export function checkStoreModel(store: Store, modelHash: string): void {
  if (store.manifest.modelHash === modelHash) return;
  throw usageError(
    `The index ${store.folder} was made with another model, another version of it, or another document prompt: index the notes again.`,
  );
}

export interface StoreStatus {
  readonly exists: boolean;
  readonly documents: number;
  readonly passages: number;
  readonly model: string | null;
  readonly modelHash: string | null;
  readonly corpus: StoredCorpus | null;
}

export async function storeStatus(folder: string): Promise<StoreStatus> {
  const manifest = await readManifest(folder);
  // An index of an older version cannot be read either: the notes must be indexed.
  if (manifest?.format !== storeFormat) {
    return {
      exists: false,
      documents: 0,
      passages: 0,
      model: null,
      modelHash: null,
      corpus: null,
    };
  }
  const tables = await openTables(folder, manifest, { write: false });
  try {
    const { documents, passages } = await tables.counts();
    const { modelFolder: model, modelHash, corpus } = manifest;
    return { exists: true, documents, passages, model, modelHash, corpus };
  } finally {
    await tables.close();
  }
}

/** Opens the tables that a manifest names; errors of either store become sentences. */
export async function openTables(
  folder: string,
  manifest: StoreManifest,
  options: { readonly write: boolean; readonly exactRows?: number },
): Promise<Tables> {
  const data = join(folder, manifest.data);
  const { dimension } = manifest;
  const { write: create, exactRows } = options;
  const wrap = (tables: Tables): Tables => withSentences(tables, folder);
  if (manifest.kind === 'flat') {
    return wrap(await settle(openFlatStore(data, { create, dimension }), folder));
  }
  const { openVectorStore } = await loadVectorStore();
  const limits = exactRows === undefined ? {} : { exactRows };
  const opened = openVectorStore(data, { create, dimension, ...limits });
  return wrap(await settle(opened, folder));
}

/**
 * Whether LanceDB is installed for this machine. A throw-away child process tests that it also
 * runs.
 */
export async function vectorStoreLoads(): Promise<boolean> {
  try {
    await loadVectorStore();
    return true;
  } catch {
    return false;
  }
}

async function loadVectorStore(): Promise<{ openVectorStore: typeof openVectorStore }> {
  try {
    return await import('./vectorStore.js');
  } catch (error) {
    throw failure(
      'LanceDB does not load on this machine: index the notes again, to make an index without it.',
      { cause: error },
    );
  }
}

function withSentences(tables: Tables, folder: string): Tables {
  return {
    version: () => settle(tables.version(), folder),
    counts: () => settle(tables.counts(), folder),
    documents: (columns, only) => settleEach(tables.documents(columns, only), folder),
    passages: (columns, only) => settleEach(tables.passages(columns, only), folder),
    nearestDocuments: (vector, limit) => settle(tables.nearestDocuments(vector, limit), folder),
    nearestPassages: (vector, limit) => settle(tables.nearestPassages(vector, limit), folder),
    put: (documents, passages) => settle(tables.put(documents, passages), folder),
    remove: (keys) => settle(tables.remove(keys), folder),
    compact: () => settle(tables.compact(), folder),
    close: () => settle(tables.close(), folder),
  };
}
