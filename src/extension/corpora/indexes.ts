/** The indexes of a corpus: one for each model that its notes were indexed with, side by side. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { exists } from '../../core/base/files.js';
import { bundledName, modelName } from '../../engine/bundledModel.js';
import { readRun } from '../../engine/runs.js';
import { runTitle } from '../../engine/runTitle.js';
import type { CorpusEntry } from './corporaFile.js';

export interface CorpusIndex {
  /** `bundled`, the name of a run, or a path. */
  readonly model: string;
  /** What people call the model. */
  readonly title: string;
  /** Absolute path of the store. */
  readonly store: string;
  /** Whether it can answer: it was built to its end once. */
  readonly isReady: boolean;
}

export interface CorpusIndexes {
  readonly all: readonly CorpusIndex[];
  /** The one that answers. */
  readonly active: CorpusIndex;
}

/** Folder of an entry's first index, in the folder `index` of its home. */
export const firstFolder = ({ name, folder }: CorpusEntry): string => folder ?? name;

/** What the file says of an entry's indexes, at least one. */
export function indexesOf(entry: CorpusEntry): NonNullable<CorpusEntry['indexes']> {
  return entry.indexes ?? [{ model: entry.model, folder: firstFolder(entry) }];
}

/**
 * An index that is being built answers once it is ready, and the one before until then.
 *
 * @param home folder of corpora.json
 */
export async function readIndexes(entry: CorpusEntry, home: string): Promise<CorpusIndexes> {
  const all = await Promise.all(
    indexesOf(entry).map(async ({ model, folder }): Promise<CorpusIndex> => {
      const store = join(home, 'index', folder);
      const isReady = await exists(join(store, 'manifest.json'));
      return { model, title: await titleOf(model, home), store, isReady };
    }),
  );
  const next = all.find(({ model, isReady }) => model === entry.next && isReady);
  const active = next ?? all.find(({ model }) => model === entry.model) ?? all[0]!;
  return { all, active };
}

async function titleOf(model: string, home: string): Promise<string> {
  if (model === bundledName) return 'Notespace MiniLM';
  const name = modelName(model);
  const run = await readRun(join(home, 'runs', name), name).catch(() => null);
  return run === null ? name : runTitle(run);
}

/** The entry with an index of a model, which answers once it is built. */
export function withIndex(entry: CorpusEntry, model: string, hasReady: boolean): CorpusEntry {
  const { next: _next, ...rest } = entry;
  if (!hasReady) {
    // Nothing answers yet, so nothing has to be kept.
    const folder = firstFolder(entry);
    return { ...rest, model, indexes: [{ model, folder }] };
  }
  const indexes = indexesOf(entry);
  const known = indexes.some((index) => index.model === model);
  return {
    ...entry,
    indexes: known ? indexes : [...indexes, { model, folder: folderFor(entry, model) }],
    ...(model === entry.model ? {} : { next: model }),
  };
}

/** "@" stands in no name of a corpus, so that no two corpora share a folder. */
function folderFor(entry: CorpusEntry, model: string): string {
  const hash = createHash('sha256').update(model).digest('hex').slice(0, 8);
  return `${firstFolder(entry)}@${hash}`;
}

/** The entry of which another index answers. */
export function withActive(entry: CorpusEntry, model: string): CorpusEntry {
  const { next: _next, ...rest } = entry;
  return { ...rest, indexes: indexesOf(entry), model };
}
