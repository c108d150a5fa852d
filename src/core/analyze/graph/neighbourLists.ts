/** The nearest notes of every note, found once: the graph, communities, homophily and density clusters read them. */
import type { Tile } from '../space/tiles.js';

export interface NeighbourLists {
  readonly count: number;
  /** Neighbours of each note: fewer than asked for where there are too few notes. */
  readonly k: number;
  /** [count, k], nearest first; of equally near notes the earlier. A note is not its own neighbour. */
  readonly notes: Int32Array;
  /** [count, k] */
  readonly cosines: Float64Array;
}

/** Collects lists from tiles whose rows come in ascending order. */
export function neighbourCollector(
  count: number,
  asked: number,
): { readonly lists: NeighbourLists; add(tile: Tile): void } {
  const k = Math.max(0, Math.min(asked, count - 1));
  const notes = new Int32Array(count * k).fill(-1);
  const cosines = new Float64Array(count * k).fill(-Infinity);
  return {
    lists: { count, k, notes, cosines },
    add({ query, queries, row, rows, values, stride, offset }) {
      if (k === 0) return;
      for (let q = 0; q < queries; q++) {
        const own = query + q;
        const base = own * k;
        const from = offset + q * stride;
        let least = cosines[base + k - 1]!;
        for (let r = 0; r < rows; r++) {
          const value = values[from + r]!;
          if (value <= least || row + r === own) continue;
          let at = base + k - 1;
          while (at > base && cosines[at - 1]! < value) {
            cosines[at] = cosines[at - 1]!;
            notes[at] = notes[at - 1]!;
            at--;
          }
          cosines[at] = value;
          notes[at] = row + r;
          least = cosines[base + k - 1]!;
        }
      }
    },
  };
}
