/** The map on the screen, and which note each of its points shows. */
import type { ClusterMap } from '../../protocol/map.js';
import type { Corpus } from '../corpora/corpora.js';
import { fileKey } from '../notes/noteIdentity.js';
import type { OpenNote } from '../notes/notes.js';

export interface DrawnMap {
  readonly corpus: Corpus;
  readonly map: ClusterMap;
  keyOf(point: number): string | undefined;
  pointOf(note: OpenNote | null): number | null;
  pointOfKey(key: string): number | null;
  /** The points nearest to one by the model, nearest first. */
  neighboursOf(point: number): readonly number[];
}

/** More lines than this say nothing more. */
const mostNeighbours = 8;

export function createDrawnMap(map: ClusterMap, corpus: Corpus): DrawnMap {
  const pointOfFile = new Map<string, number>();
  for (const [point, file] of map.files.entries()) {
    if (file !== null) pointOfFile.set(fileKey(file), point);
  }
  const pointOfKey = new Map(map.keys.map((key, point) => [key, point]));
  return {
    corpus,
    map,
    pointOfKey: (key) => pointOfKey.get(key) ?? null,
    neighboursOf(point) {
      const { k, notes } = map.neighbours ?? { k: 0, notes: new Int32Array(0) };
      const own = [...notes.subarray(point * k, (point + 1) * k)];
      return own.filter((other) => other >= 0).slice(0, mostNeighbours);
    },
    keyOf: (point) => map.keys[point],
    pointOf(note) {
      if (note === null || note.corpus.token !== corpus.token) return null;
      if (note.file !== null) return pointOfFile.get(fileKey(note.file)) ?? null;
      return pointOfKey.get(note.key ?? '') ?? null;
    },
  };
}
