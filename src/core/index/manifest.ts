/**
 * The files that describe a store's folder.
 *
 *     manifest.json    the store that readers use
 *     building.json    a store being built (first index, other model); replaces manifest.json when complete
 *     data-XXXXXXXX/   the tables, named by the manifest
 *     words/           the words of the notes, for search by keywords
 *     lock/            the current writer
 */
import { readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { failure, fromSystemError, isAbsent } from '../base/errors.js';
import { writeFileAtomic } from '../base/files.js';
import { isFusionShares } from './fusion/shares.js';
import type { FusionShares } from './fusion/shares.js';
import type { Prompts } from '../model/prompts.js';
import type { FieldMapping } from '../../protocol/catalogue/fieldRoles.js';
import type { KeptField, Reading } from '../../protocol/catalogue/reading.js';

/** Source of the notes and the mapping used. */
export interface StoredCorpus {
  readonly source: string;
  readonly mapping: FieldMapping;
  /** Settled by hand; absent if nothing was. */
  readonly reading?: Reading | undefined;
}

/**
 * Of the tables. 2: notes have a date and the columns that the user keeps; tables of format 1 are
 * read no more, but built again.
 */
export const storeFormat = 2;

export interface StoreManifest {
  readonly format: 1 | typeof storeFormat;
  readonly kind: 'lancedb' | 'flat';
  /** Name of the folder that holds the tables. */
  readonly data: string;
  /** Of the model, and of how it embedded the notes: pooling, window, prompt. */
  readonly modelHash: string;
  /** Absolute path of the model that made the vectors. */
  readonly modelFolder: string;
  readonly dimension: number;
  /** Those that the notes were embedded with, and queries are; absent if older: none. */
  readonly prompts?: Prompts;
  readonly corpus: StoredCorpus;
  /** The columns in the notes' `fields`; absent if none is kept. */
  readonly fields?: readonly KeptField[];
  /** Secret of this store, used to derive the keys of its documents. */
  readonly keySalt: string;
  /** Changes with the documents; a projection stores it to detect that it is stale. */
  readonly contentHash: string;
  /** What the semantic side counts in a hybrid search; absent if older. */
  readonly fusion?: FusionShares;
}

export const storeFileNames = {
  manifest: 'manifest.json',
  building: 'building.json',
  lock: 'lock',
} as const;

export async function readManifest(
  folder: string,
  name: 'manifest' | 'building' = 'manifest',
): Promise<StoreManifest | null> {
  const path = join(folder, storeFileNames[name]);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (isAbsent(error)) return null;
    throw fromSystemError(error, `The index ${folder}`);
  }
  let manifest: unknown;
  try {
    manifest = JSON.parse(text);
  } catch {
    manifest = null;
  }
  if (!isManifest(manifest)) {
    throw failure(
      `The index ${folder} is broken or of another version: delete this folder and index the notes again.`,
    );
  }
  return manifest;
}

export async function writeManifest(
  folder: string,
  name: 'manifest' | 'building',
  manifest: StoreManifest,
): Promise<void> {
  const path = join(folder, storeFileNames[name]);
  await writeFileAtomic(path, `${JSON.stringify(manifest, null, 2)}\n`);
}

/** Deletes tables that neither manifest names; on Windows, open ones are left for the next time. */
export async function removeOldData(folder: string, keep: readonly string[]): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!isDataName(name) || keep.includes(name)) continue;
    try {
      await rm(join(folder, name), { recursive: true, force: true, maxRetries: 3 });
    } catch {
      continue;
    }
  }
}

/** As named by `storeWriter`; never deletes anything else. */
function isDataName(name: string): boolean {
  return /^data-[0-9a-f]{8}$/.test(name);
}

function isManifest(json: unknown): json is StoreManifest {
  if (typeof json !== 'object' || json === null) return false;
  const { format, kind, data, modelHash, dimension, keySalt, prompts, fusion } = json as Record<
    string,
    unknown
  >;
  return (
    (format === 1 || format === storeFormat) &&
    (kind === 'lancedb' || kind === 'flat') &&
    typeof data === 'string' &&
    isDataName(data) &&
    typeof modelHash === 'string' &&
    typeof dimension === 'number' &&
    typeof keySalt === 'string' &&
    (prompts === undefined || isPrompts(prompts)) &&
    (fusion === undefined || isFusionShares(fusion))
  );
}

function isPrompts(json: unknown): boolean {
  const { query, document } = Object(json) as Record<string, unknown>;
  return typeof query === 'string' && typeof document === 'string';
}

const noPrompts: Prompts = { query: '', document: '' };

export function promptsOfIndex({ prompts = noPrompts }: StoreManifest): Prompts {
  return prompts;
}
