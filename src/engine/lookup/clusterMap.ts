/** A store's map as panels draw it: its projection, with the names and categories of the notes. */
import type { MapNeighbours } from '../../core/analyze/mapGroups.js';
import { readMapGroups } from '../../core/analyze/mapGroupsFile.js';
import { readProjection } from '../../core/analyze/projectionFile.js';
import { usageError } from '../../core/base/errors.js';
import { count } from '../../core/base/wording.js';
import { openStore, storeStatus } from '../../core/index/store.js';
import type { Store } from '../../core/index/store.js';
import { rowsOf } from '../../core/index/tables.js';
import { describingColumns } from '../../core/index/filter/noteFields.js';
import { folderWithin } from '../../core/index/snapshot.js';
import type { StoreStatus } from '../../protocol/lookup.js';
import type { ClusterMap, MapColumn } from '../../protocol/map.js';
import { isMapColouring } from '../../protocol/catalogue/map.js';
import { groupColumns, noteColumns } from './mapColumns.js';

export async function readStoreStatus(folder: string): Promise<StoreStatus> {
  const { exists, documents, passages, model, corpus } = await storeStatus(folder);
  const projection = exists ? await withStore(folder, readProjection) : null;
  return {
    ...{ exists, documents, passages, model, corpus },
    hasProjection: projection !== null,
    isProjectionCurrent: projection?.current ?? false,
  };
}

export function readClusterMap(folder: string): Promise<ClusterMap> {
  return withStore(folder, clusterMapOf);
}

/** Always reopened: whether a projection is current depends on the manifest as it is now. */
async function withStore<T>(folder: string, use: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore(folder);
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

async function clusterMapOf(store: Store): Promise<ClusterMap> {
  const projection = await readProjection(store);
  if (projection === null) throw usageError('The notes have no map yet: run Show Clusters.');
  const groups = await readMapGroups(store, projection.keys);
  const notes = await rowsOf(store.tables.documents(describingColumns));
  const noteOf = new Map(notes.map((note) => [note.key, note]));
  /** Points whose notes are still in the index. */
  const points = projection.keys.flatMap((key, point) => {
    const note = noteOf.get(key);
    return note === undefined ? [] : [{ point, note }];
  });
  const categories = mostFrequentFirst(points.map(({ note }) => note.category));
  const number = new Map(categories.map((name, i) => [name, i]));
  const places = points.map(({ point }) => point);
  const { corpus, fields = [] } = store.manifest;
  const fielded = points.map(({ note }) => ({
    ...note,
    folder: note.file === null ? null : folderWithin(corpus.source, note.file),
  }));
  return {
    count: points.length,
    x: Float32Array.from(points, ({ point }) => projection.x[point]!),
    y: Float32Array.from(points, ({ point }) => projection.y[point]!),
    ids: points.map(({ note }) => note.id),
    keys: points.map(({ note }) => note.key),
    category: Int32Array.from(points, ({ note }) =>
      note.category === null ? -1 : number.get(note.category)!,
    ),
    categories,
    files: points.map(({ note }) => note.file),
    columns: inOrder(
      noteColumns(fielded, fields),
      groups === null ? [] : groupColumns(groups, places),
    ),
    neighbours: groups === null ? null : neighboursOf(groups.neighbours, places),
    warnings: warningsOf(projection.current, notes.length - points.length),
  };
}

/** With the numbers of the points that are left. */
function neighboursOf(
  { k, notes }: MapNeighbours,
  places: readonly number[],
): { readonly k: number; readonly notes: Int32Array } {
  const numbers = new Map(places.map((place, point) => [place, point]));
  const found = new Int32Array(places.length * k);
  places.forEach((place, point) => {
    const own = notes.subarray(place * k, (place + 1) * k);
    found.set(
      own.map((other) => numbers.get(other) ?? -1),
      point * k,
    );
  });
  return { k, notes: found };
}

/** The first colours the map: where no note has a category or a label, its groups do. */
function inOrder(own: readonly MapColumn[], groups: readonly MapColumn[]): readonly MapColumn[] {
  const isSorted = own[0]?.kind === 'values' && isMapColouring(own[0].name);
  return isSorted ? [...own, ...groups] : [...groups, ...own];
}

/** The most distinguishable colours go to the categories with the most notes. */
function mostFrequentFirst(names: readonly (string | null)[]): string[] {
  const counts = new Map<string, number>();
  for (const name of names) if (name !== null) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([name]) => name);
}

function warningsOf(current: boolean, missing: number): string[] {
  if (current) return [];
  if (missing === 0) return ['The map is older than the index: draw it again.'];
  const notes = missing === 1 ? 'one note is' : `${count(missing)} notes are`;
  return [`The map is older than the index, and ${notes} not in it: draw it again.`];
}
