/** What a map shows beside the places of its notes: groups that were found without their categories, and neighbours. */
import type { MapGrouping } from '../../protocol/catalogue/map.js';
import { densityClusters, usualDensity } from './clusters/density.js';
import { knnGraph } from './graph/knnGraph.js';
import { louvain } from './graph/louvain.js';
import type { NeighbourLists } from './graph/neighbourLists.js';
import { keywords } from './words/keywords.js';
import type { TermCounts } from './words/keywords.js';
import type { TermRows } from '../index/terms/termRows.js';

export interface FoundGroups {
  /** [notes], -1 for none; largest first. */
  readonly labels: Int32Array;
  /** Of each group, best first: words of notes. */
  readonly keywords: readonly (readonly string[])[];
}

export interface MapGroups {
  readonly groupings: Readonly<Record<MapGrouping, FoundGroups>>;
  readonly neighbours: MapNeighbours;
}

export interface MapNeighbours {
  readonly k: number;
  /** [notes, k], nearest first. */
  readonly notes: Int32Array;
}

/** @param counted words of the notes, in the order of the lists */
export function mapGroups(lists: NeighbourLists, counted: TermCounts, seed: number): MapGroups {
  const found: Readonly<Record<MapGrouping, () => Int32Array>> = {
    density: () => densityClusters(lists, usualDensity(lists)),
    communities: () => louvain(knnGraph(lists, { rule: 'either', threshold: -Infinity }), seed),
  };
  const named = (name: MapGrouping): FoundGroups => {
    const labels = found[name]();
    const groups = labels.reduce((most, label) => Math.max(most, label + 1), 0);
    return { labels, keywords: keywords(counted, labels, groups) };
  };
  const { k, notes } = lists;
  return {
    groupings: { density: named('density'), communities: named('communities') },
    neighbours: { k, notes },
  };
}

/** Stored words as the keywords of groups are found from. */
export function countedTerms({ keys, vocabulary, starts, terms, counts }: TermRows): TermCounts {
  const documents = new Int32Array(vocabulary.length);
  for (const term of terms) documents[term]!++;
  return {
    terms: vocabulary,
    documents,
    counts: {
      rows: keys.length,
      starts: Int32Array.from(starts),
      indices: Int32Array.from(terms),
      values: Float64Array.from(counts),
    },
  };
}
