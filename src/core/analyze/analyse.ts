/** All that is measured of one model's embedding space. */
import type { EdgeRule } from '../../protocol/catalogue/analysis.js';
import type { Resamples } from '../base/resamples.js';
import { agreementMeasure } from './clusters/agreement.js';
import { bySize } from './clusters/bySize.js';
import { densityClusters, usualDensity } from './clusters/density.js';
import { kMeans } from './clusters/kMeans.js';
import { clusterMembers } from './clusters/members.js';
import type { ClusterMembers } from './clusters/members.js';
import {
  classDistances,
  meanMeasure,
  separationMeasure,
  silhouettes,
} from './clusters/separation.js';
import { hubnessMeasure, occurrences } from './graph/hubness.js';
import { graphShape, knnGraph, withoutEdges } from './graph/knnGraph.js';
import type { Graph, GraphShape } from './graph/knnGraph.js';
import { louvain } from './graph/louvain.js';
import { mixing, mixingMeasure } from './graph/mixing.js';
import { neighbourCollector } from './graph/neighbourLists.js';
import type { NeighbourLists } from './graph/neighbourLists.js';
import { neighbourVotes } from './graph/neighbourhoods.js';
import type { NeighbourVotes } from './graph/neighbourhoods.js';
import { estimate } from './space/bootstrap.js';
import type { Estimated, Measure } from './space/bootstrap.js';
import { pairCollector, uniformityMeasure } from './space/pairs.js';
import type { PairStatistics } from './space/pairs.js';
import type { Space } from './space/space.js';
import { spreadMeasure } from './space/spread.js';
import { visitTiles } from './space/tiles.js';
import { vectorMeasures } from './space/vectorMeasures.js';

export interface AnalysisSettings {
  readonly seed: number;
  readonly neighbours: number;
  readonly edges: EdgeRule;
  /** Least cosine of an edge; `null`: any. */
  readonly threshold: number | null;
  /** Clusters of k-means; `null`: as many as there are categories. */
  readonly clusters: number | null;
}

export interface AnalysisOptions {
  readonly settings: AnalysisSettings;
  /** Number of each note's group (patient), from 0 on; `null` if none is known. */
  readonly groups: Int32Array | null;
  readonly resamples: Resamples;
  /** Categories of the heat map. */
  readonly shown: readonly number[];
  readonly threads: number;
  readonly signal?: AbortSignal | undefined;
  readonly pauseGate?: (() => Promise<void>) | undefined;
  readonly onProgress?: ((step: string, done: number, total: number) => void) | undefined;
}

export interface Grouping {
  /** [notes], -1 for none; largest first. */
  readonly labels: Int32Array;
  readonly members: readonly ClusterMembers[];
  /** [notes]: cosine with the mean of its group. */
  readonly typicality: Float64Array;
}

export interface SpaceAnalysis {
  /** By name: those of the catalogue, cells of the heat map and separations of pairs of categories. */
  readonly figures: Readonly<Record<string, Estimated>>;
  /** Of pairs, by cosine from -1 to 1 in equal steps. */
  readonly histogram: { readonly within: Float64Array; readonly between: Float64Array };
  /** Notes that were measured against all; fewer than there are where pairs were sampled. */
  readonly measured: number;
  readonly lists: NeighbourLists;
  /** [notes]: how often each is among the nearest of others. */
  readonly occurrences: Int32Array;
  readonly graph: GraphShape;
  readonly votes: NeighbourVotes;
  readonly kMeans: Grouping;
  readonly density: Grouping;
  readonly communities: Grouping;
  readonly minClusterSize: number;
  readonly minSamples: number;
}

/** Of each cluster so many typical and odd notes are named. */
const shownMembers = 5;

export async function analyseSpace(space: Space, options: AnalysisOptions): Promise<SpaceAnalysis> {
  const { settings, groups, resamples, signal, pauseGate, onProgress } = options;
  const { count, categories, names } = space;
  const classes = names.length;
  const neighbours = neighbourCollector(count, settings.neighbours);
  const pairs = pairCollector(space, settings.seed);
  await visitTiles(
    space,
    (tile) => {
      neighbours.add(tile);
      pairs.add(tile);
    },
    { ...options, onProgress: (done, total) => onProgress?.('Comparing notes', done, total) },
  );
  const { lists } = neighbours;
  const statistics = pairs.statistics();

  onProgress?.('Finding clusters', 0, 3);
  const byMeans = bySize(await meansLabels(space, settings, signal));
  await pauseGate?.();
  onProgress?.('Finding clusters', 1, 3);
  const { minClusterSize, minSamples } = usualDensity(lists);
  const byDensity = densityClusters(lists, { minClusterSize, minSamples });
  onProgress?.('Finding clusters', 2, 3);
  const graph = knnGraph(lists, {
    rule: settings.edges,
    threshold: settings.threshold ?? -Infinity,
  });
  const communities = louvain(graph, settings.seed);

  const found = occurrences(lists);
  const distances = classDistances(space, categories, classes);
  const measures: Measure[] = [
    vectorMeasures(space, options.shown),
    await spreadMeasure(space, signal),
    uniformityMeasure(statistics.potentials),
    hubnessMeasure(found),
    meanMeasure('silhouette', measuredSilhouettes(space, statistics)),
    meanMeasure('silhouetteCosine', silhouettes(distances, categories, classes)),
    separationMeasure(distances, categories, classes, options.shown),
    agreementMeasure(byMeans, categories, {
      adjustedRandIndex: 'adjustedRandIndex',
      normalisedMutualInformation: 'normalisedMutualInformation',
      vMeasure: 'vMeasure',
      purity: 'purity',
    }),
    meanMeasure(
      'noise',
      Float64Array.from(byDensity, (label) => (label < 0 ? 1 : 0)),
    ),
    agreementMeasure(byDensity, categories, { adjustedRandIndex: 'densityRandIndex' }),
    mixingMeasure(graph, categories, classes),
    agreementMeasure(communities, categories, { adjustedRandIndex: 'communityRandIndex' }),
    communityMeasure(graph, communities),
    ...(groups === null ? [] : [elsewhereMeasure(graph, groups, categories, classes)]),
  ];
  const figures = await estimate(measures, count, resamples, {
    signal,
    pauseGate,
    onProgress: (done, total) => onProgress?.('Working out intervals', done, total),
  });
  return {
    figures: Object.fromEntries(figures),
    histogram: { within: statistics.within, between: statistics.between },
    measured: statistics.measured,
    lists,
    occurrences: found,
    graph: graphShape(graph),
    votes: neighbourVotes(lists, categories, classes),
    kMeans: grouping(space, byMeans),
    density: grouping(space, byDensity),
    communities: grouping(space, communities),
    minClusterSize,
    minSamples,
  };
}

async function meansLabels(
  space: Space,
  { clusters, seed }: AnalysisSettings,
  signal: AbortSignal | undefined,
): Promise<Int32Array> {
  const { count, names } = space;
  if (count === 0) return new Int32Array(0);
  const asked = clusters ?? (names.length > 1 ? names.length : 10);
  const { labels } = await kMeans(space, { clusters: Math.min(asked, count), seed, signal });
  return labels;
}

/** By Euclidean distance; NaN for notes that were not measured. */
function measuredSilhouettes(
  { categories, names }: Space,
  { distances, potentials }: PairStatistics,
): Float64Array {
  const values = silhouettes(distances, categories, names.length);
  return values.map((value, note) => (Number.isNaN(potentials[note]!) ? NaN : value));
}

function communityMeasure(graph: Graph, labels: Int32Array): Measure {
  const classes = 1 + labels.reduce((most, label) => Math.max(most, label), -1);
  return (weights) => ({ communityModularity: mixing(graph, labels, classes, weights).modularity });
}

function elsewhereMeasure(
  graph: Graph,
  groups: Int32Array,
  categories: Int32Array,
  classes: number,
): Measure {
  const elsewhere = withoutEdges(graph, (a, b) => groups[a] === groups[b]);
  return (weights) => ({
    homophilyElsewhere: mixing(elsewhere, categories, classes, weights).homophily,
  });
}

function grouping(space: Space, labels: Int32Array): Grouping {
  const clusters = 1 + labels.reduce((most, label) => Math.max(most, label), -1);
  return { labels, ...clusterMembers(space, labels, clusters, shownMembers) };
}
