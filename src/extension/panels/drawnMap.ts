/** The map on the screen, and which note each of its points shows. */
import type { ClusterMap } from '../../protocol/lookup.js';
import type { Corpus } from '../corpora/corpora.js';
import { fileKey } from '../notes/noteIdentity.js';
import type { OpenNote } from '../notes/notes.js';

export interface DrawnMap {
  readonly corpus: Corpus;
  keyOf(point: number): string | undefined;
  pointOf(note: OpenNote | null): number | null;
}

export function createDrawnMap(map: ClusterMap, corpus: Corpus): DrawnMap {
  const pointOfFile = new Map<string, number>();
  for (const [point, file] of map.files.entries()) {
    if (file !== null) pointOfFile.set(fileKey(file), point);
  }
  return {
    corpus,
    keyOf: (point) => map.keys[point],
    pointOf(note) {
      if (note === null || note.corpus.token !== corpus.token) return null;
      if (note.file !== null) return pointOfFile.get(fileKey(note.file)) ?? null;
      const point = map.keys.indexOf(note.key ?? '');
      return point === -1 ? null : point;
    },
  };
}
