import { describe, expect, it } from 'vitest';
import { agreement } from '../../../../src/core/analyze/clusters/agreement.js';
import { densityClusters } from '../../../../src/core/analyze/clusters/density.js';
import { kMeans, kMeansFrom } from '../../../../src/core/analyze/clusters/kMeans.js';
import { graphShape, knnGraph } from '../../../../src/core/analyze/graph/knnGraph.js';
import { louvain } from '../../../../src/core/analyze/graph/louvain.js';
import { mixing } from '../../../../src/core/analyze/graph/mixing.js';
import { neighbourCollector } from '../../../../src/core/analyze/graph/neighbourLists.js';
import type { NeighbourLists } from '../../../../src/core/analyze/graph/neighbourLists.js';
import { createSpace } from '../../../../src/core/analyze/space/space.js';
import type { Space } from '../../../../src/core/analyze/space/space.js';
import { symmetricEigen } from '../../../../src/core/analyze/space/symmetricEigen.js';
import { visitTiles } from '../../../../src/core/analyze/space/tiles.js';
import { classTermScores } from '../../../../src/core/analyze/words/keywords.js';
import { createRandom } from '../../../../src/core/base/random.js';
import { fitTerms } from '../../../../src/core/evaluate/words/terms.js';
import { golden, goldenSpace } from './golden.js';

async function listsOf(space: Space, k: number): Promise<NeighbourLists> {
  const collector = neighbourCollector(space.count, k);
  await visitTiles(space, (tile) => collector.add(tile), { threads: 1 });
  return collector.lists;
}

const ones = (count: number): Int32Array => new Int32Array(count).fill(1);

/** The same partition, whatever its parts are called; noise stays noise. */
function partition(labels: ArrayLike<number>): number[] {
  const numbers = new Map<number, number>();
  return Array.from(labels, (label) => {
    if (label < 0) return -1;
    const number = numbers.get(label) ?? numbers.size;
    numbers.set(label, number);
    return number;
  });
}

describe('nearest neighbours and their graph', () => {
  it('are those of scikit-learn', async () => {
    const { k, notes } = golden.neighbours;
    const lists = await listsOf(goldenSpace(), k);
    notes.forEach((row, note) => {
      expect([...lists.notes.subarray(note * k, (note + 1) * k)]).toEqual(row);
    });
  });

  it.each(['either', 'mutual'] as const)('have the numbers of networkx, %s', async (rule) => {
    const space = goldenSpace();
    const lists = await listsOf(space, golden.neighbours.k);
    const graph = knnGraph(lists, { rule, threshold: -Infinity });
    const { homophily, assortativity, modularity, louvainModularity, ...shape } =
      golden.graph[rule];
    expect(graphShape(graph)).toEqual(shape);
    const found = mixing(graph, space.categories, 4, ones(space.count));
    expect(found.homophily).toBeCloseTo(homophily, 10);
    expect(found.assortativity).toBeCloseTo(assortativity, 10);
    expect(found.modularity).toBeCloseTo(modularity, 10);
    const communities = louvain(graph, 1);
    const reached = mixing(graph, communities, space.count, ones(space.count)).modularity;
    expect(reached).toBeGreaterThan(louvainModularity - 0.01);
  });

  it('leave out edges below a threshold', async () => {
    const lists = await listsOf(goldenSpace(), golden.neighbours.k);
    const graph = knnGraph(lists, { rule: 'either', threshold: 0.9 });
    const kept = [...lists.cosines].filter((cosine) => cosine >= 0.9).length;
    expect(graph.neighbours.length / 2).toBeLessThanOrEqual(kept);
    expect(graphShape(graph).edges).toBeGreaterThan(0);
    expect(graphShape(graph).edges).toBeLessThan(golden.graph.either.edges);
  });

  it('are the same by ONNX Runtime as by plain products', async () => {
    const [count, dimension] = [4200, 16];
    const random = createRandom(4, 'vectors');
    const vectors = Float32Array.from({ length: count * dimension }, () => random.normal());
    const categories = new Array<null>(count).fill(null);
    const fast = await listsOf(createSpace(vectors, dimension, categories), 5);
    const exact = await listsOf(createSpace(Float64Array.from(vectors), dimension, categories), 5);
    const away = fast.cosines.map((cosine, at) => Math.abs(cosine - exact.cosines[at]!));
    expect(away.reduce((a, b) => Math.max(a, b), 0)).toBeLessThan(1e-5);
    const different = fast.notes.filter((note, at) => note !== exact.notes[at]).length;
    // Only neighbours that are equally near up to rounding may change places.
    expect(different).toBeLessThan(10);
  });
});

describe('clusters', () => {
  it('of k-means from given centres are those of scikit-learn', async () => {
    const space = goldenSpace();
    const { start, labels, centres, inertia } = golden.kMeans;
    const from = start.flatMap((note) => [...space.vectors.subarray(note * 8, (note + 1) * 8)]);
    const found = await kMeansFrom(space, Float64Array.from(from));
    expect([...found.labels]).toEqual(labels);
    expect(found.inertia).toBeCloseTo(inertia, 6);
    centres.flat().forEach((value, i) => expect(found.centres[i]).toBeCloseTo(value, 6));
  });

  it('of k-means from its own are no worse, and the same for a seed', async () => {
    const space = goldenSpace();
    const found = await kMeans(space, { clusters: 4, seed: 1 });
    expect(found.inertia).toBeLessThanOrEqual(golden.kMeans.inertia + 1e-9);
    expect(await kMeans(space, { clusters: 4, seed: 1 })).toEqual(found);
  });

  it('of k-means leave none empty', async () => {
    const points = createSpace(Float64Array.of(1, 0, 1, 0.1, 0, 1, 0.1, 1), 2, [
      'a',
      'a',
      'b',
      'b',
    ]);
    const from = Float64Array.of(1, 0, -1, -1, -1, -1.1);
    const { labels } = await kMeansFrom(points, from);
    expect(new Set(labels).size).toBe(3);
  });

  it('agree with categories as scikit-learn says', () => {
    const known = golden.categories.filter((category) => category >= 0);
    const found = agreement(
      Int32Array.from(golden.agreement.groups),
      Int32Array.from(known),
      ones(known.length),
    );
    for (const [name, value] of Object.entries(golden.agreement.figures)) {
      expect.soft(found[name as keyof typeof found], name).toBeCloseTo(value, 10);
    }
  });

  it('by density are those of HDBSCAN', async () => {
    const { angles, cases } = golden.density;
    const values = angles.flatMap((angle) => [Math.cos(angle), Math.sin(angle)]);
    const space = createSpace(
      Float64Array.from(values),
      2,
      angles.map(() => null),
    );
    const lists = await listsOf(space, angles.length - 1);
    for (const { labels, ...options } of cases) {
      expect(partition(densityClusters(lists, options))).toEqual(partition(labels));
    }
  });

  it('by density need neighbours', () => {
    expect([
      ...densityClusters(neighbourCollector(1, 5).lists, { minClusterSize: 5, minSamples: 1 }),
    ]).toEqual([-1]);
  });
});

describe('keywords and eigenvalues', () => {
  it('have the scores of class-based TF-IDF', () => {
    const { texts, groups, terms, scores } = golden.keywords;
    const counted = fitTerms(texts, { pairs: false, minDocuments: 1 });
    expect(counted.terms).toEqual(terms);
    const found = classTermScores(counted, Int32Array.from(groups), 3);
    scores.forEach((row, group) =>
      row.forEach((score, term) => {
        expect(found[group]!.get(term) ?? 0).toBeCloseTo(score, 10);
      }),
    );
  });

  it('are those of NumPy', () => {
    const { matrix, values } = golden.eigen;
    const size = matrix.length;
    const { values: found, vectors } = symmetricEigen(Float64Array.from(matrix.flat()), size);
    values.forEach((value, i) => expect(found[i]).toBeCloseTo(value, 9));
    for (let k = 0; k < size; k++) {
      for (let i = 0; i < size; i++) {
        const product = matrix[i]!.reduce(
          (sum, value, j) => sum + value * vectors[j * size + k]!,
          0,
        );
        expect(product).toBeCloseTo(found[k]! * vectors[i * size + k]!, 9);
      }
    }
  });
});
