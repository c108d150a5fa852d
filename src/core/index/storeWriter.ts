import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fromSystemError } from '../base/errors.js';
import { makeFolder } from '../base/files.js';
import { hashText } from '../base/hash.js';
import type { Corpus } from '../corpus/corpus.js';
import type { Embedder } from '../embed/embedder.js';
import type { Prompts } from '../model/prompts.js';
import type { FusionShares } from './fusion/shares.js';
import {
  readManifest,
  removeOldData,
  storeFileNames,
  storeFormat,
  writeManifest,
} from './manifest.js';
import type { StoreManifest } from './manifest.js';
import { openTables, vectorStoreLoads } from './store.js';
import { lockStore } from './storeLock.js';
import type { StoreLock } from './storeLock.js';
import type { Tables } from './tables.js';
import { updateTerms } from './terms/termStore.js';

export interface StoreWriter {
  readonly manifest: StoreManifest;
  /** Throws on changes once another process has taken over the store. */
  readonly tables: Tables;
  /** Must be called before rows change: marks a projection of the old rows as stale. */
  beforeChange(): Promise<void>;
  /** Call when all is written: compacts the changes and publishes them to readers. */
  finish(contentHash: string, fusion: FusionShares): Promise<void>;
  close(): Promise<void>;
}

export interface WriterOptions {
  readonly corpus: Corpus;
  readonly embedder: Pick<Embedder, 'modelHash' | 'modelFolder' | 'dimension' | 'prompts'>;
  readonly storeFolder: string;
  /** Another index of the same notes, whose keys this one shares. */
  readonly besideFolder?: string;
  readonly flat?: boolean | undefined;
  readonly exactRows?: number | undefined;
  /** The clock used to renew the store's lock. */
  readonly now: () => number;
}

/**
 * Updates a store of the same model in place, note by note. For another model, one that embeds
 * notes otherwise (pooling, window, prompt), or tables of an older format, builds a second set
 * of tables while readers keep the first; resumes a build that was stopped.
 */
export async function openForWriting(options: WriterOptions): Promise<StoreWriter> {
  const { storeFolder: folder, exactRows } = options;
  try {
    await makeFolder(folder, 0o700);
  } catch (error) {
    throw fromSystemError(error, `The index ${folder}`);
  }
  const lock = await lockStore(folder, options.now);
  let begun: string | null = null;
  try {
    const present = await readManifest(folder);
    const building = await readManifest(folder, 'building');
    const inPlace = present !== null && fits(present, options);
    let manifest: StoreManifest;
    if (inPlace) manifest = present;
    else if (building !== null && fits(building, options)) manifest = building;
    else manifest = await newManifest(options, present ?? building);
    const name = inPlace ? 'manifest' : 'building';
    if (building === null && !inPlace) begun = manifest.data;
    if (!inPlace) await sentence(folder, writeManifest(folder, name, manifest));
    await removeOldData(folder, [manifest.data, ...(present === null ? [] : [present.data])]);
    const opened = await openTables(folder, manifest, {
      write: true,
      ...(exactRows === undefined ? {} : { exactRows }),
    });
    const tables = whileHeld(lock, opened);
    let changed = !inPlace;
    let finished = false;
    return {
      manifest,
      tables,
      async beforeChange() {
        if (changed) return;
        await lock.check();
        changed = true;
        await sentence(folder, writeManifest(folder, name, { ...manifest, contentHash: '' }));
      },
      async finish(contentHash, fusion) {
        if (changed || contentHash !== manifest.contentHash) await tables.compact();
        await sentence(folder, updateTerms(folder, tables));
        const { source, mapping, reading, kept } = options.corpus;
        const { fields: _before, ...rest } = manifest;
        const whole = {
          ...rest,
          ...modelOf(options),
          corpus: { source, mapping, ...(reading === undefined ? {} : { reading }) },
          ...(kept.length === 0 ? {} : { fields: kept }),
          contentHash,
          fusion,
        };
        await lock.check();
        await sentence(folder, writeManifest(folder, 'manifest', whole));
        finished = true;
        await rm(join(folder, storeFileNames.building), { force: true });
        await removeOldData(folder, [manifest.data]);
      },
      async close() {
        const isWorthless = !inPlace && !finished && (await holdsNothing(tables));
        await tables.close();
        if (isWorthless && (await isHeld(lock))) await removeBuilding(folder, manifest.data);
        await lock.release();
      },
    };
  } catch (error) {
    if (begun !== null) await removeBuilding(folder, begun);
    await lock.release();
    throw error;
  }
}

function whileHeld(lock: StoreLock, tables: Tables): Tables {
  return {
    ...tables,
    async put(documents, passages) {
      await lock.check();
      await tables.put(documents, passages);
    },
    async remove(keys) {
      await lock.check();
      await tables.remove(keys);
    },
    async compact() {
      await lock.check();
      await tables.compact();
    },
  };
}

/** Removes a build that failed before writing any note: there is nothing to resume. */
async function removeBuilding(folder: string, data: string): Promise<void> {
  for (const name of [storeFileNames.building, data]) {
    // Ignore clean-up errors: the original error says more.
    await rm(join(folder, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

function isHeld(lock: StoreLock): Promise<boolean> {
  return lock.check().then(
    () => true,
    () => false,
  );
}

async function holdsNothing(tables: Tables): Promise<boolean> {
  try {
    return (await tables.counts()).documents === 0;
  } catch {
    return false;
  }
}

/**
 * A store without LanceDB stays that way; one with LanceDB must be rebuilt where that does not run.
 */
function fits(manifest: StoreManifest, { embedder, flat }: WriterOptions): boolean {
  return (
    manifest.format === storeFormat &&
    manifest.modelHash === embedder.modelHash &&
    !(flat === true && manifest.kind === 'lancedb')
  );
}

async function newManifest(
  options: WriterOptions,
  before: StoreManifest | null,
): Promise<StoreManifest> {
  const kind = options.flat !== true && (await vectorStoreLoads()) ? 'lancedb' : 'flat';
  const { source, mapping, reading } = options.corpus;
  return {
    format: storeFormat,
    kind,
    data: `data-${hashText(`${storeFormat} ${options.embedder.modelHash} ${kind}`).slice(0, 8)}`,
    ...modelOf(options),
    corpus: { source, mapping, ...(reading === undefined ? {} : { reading }) },
    // Keep the salt, so that keys of open notes stay valid. A secret, so not from the run's seed.
    keySalt: before?.keySalt ?? (await saltBeside(options)) ?? randomBytes(16).toString('hex'),
    contentHash: '',
  };
}

async function saltBeside({ besideFolder }: WriterOptions): Promise<string | null> {
  return besideFolder === undefined ? null : ((await readManifest(besideFolder))?.keySalt ?? null);
}

function modelOf({ embedder }: WriterOptions): {
  modelHash: string;
  modelFolder: string;
  dimension: number;
  prompts: Prompts;
} {
  const { modelHash, modelFolder, dimension, prompts } = embedder;
  return { modelHash, modelFolder, dimension, prompts };
}

async function sentence<T>(folder: string, result: Promise<T>): Promise<T> {
  try {
    return await result;
  } catch (error) {
    throw fromSystemError(error, `The index ${folder}`);
  }
}
