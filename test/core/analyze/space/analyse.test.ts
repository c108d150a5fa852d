import { describe, expect, it } from 'vitest';
import { analyseSpace } from '../../../../src/core/analyze/analyse.js';
import type { SpaceAnalysis } from '../../../../src/core/analyze/analyse.js';
import { compareModels } from '../../../../src/core/analyze/compare.js';
import { separationName } from '../../../../src/core/analyze/clusters/separation.js';
import { estimate, intervalOf } from '../../../../src/core/analyze/space/bootstrap.js';
import type { Estimated } from '../../../../src/core/analyze/space/bootstrap.js';
import { vectorMeasures } from '../../../../src/core/analyze/space/vectorMeasures.js';
import { cellName } from '../../../../src/core/analyze/space/cosine.js';
import { createSpace } from '../../../../src/core/analyze/space/space.js';
import type { Space } from '../../../../src/core/analyze/space/space.js';
import { createRandom } from '../../../../src/core/base/random.js';
import { randomResamples } from '../../../../src/core/base/resamples.js';
import { analysisFigureNames } from '../../../../src/protocol/catalogue/analysis.js';
import { golden, goldenCategories, goldenDimension, goldenSpace } from './golden.js';

const settings = {
  seed: 3,
  neighbours: 6,
  edges: 'either',
  threshold: null,
  clusters: null,
} as const;

function analyse(space: Space, groups: Int32Array | null = null): Promise<SpaceAnalysis> {
  return analyseSpace(space, {
    settings,
    groups,
    resamples: randomResamples(1, groups, 40),
    shown: [...space.names.keys()],
    threads: 1,
  });
}

/** A random rotation: the vectors of Gram and Schmidt. */
function rotated(vectors: readonly (readonly number[])[], dimension: number): number[][] {
  const random = createRandom(8, 'rotation');
  const axes: number[][] = [];
  while (axes.length < dimension) {
    let axis = Array.from({ length: dimension }, () => random.normal());
    for (const other of axes) {
      const along = axis.reduce((sum, value, i) => sum + value * other[i]!, 0);
      axis = axis.map((value, i) => value - along * other[i]!);
    }
    const length = Math.hypot(...axis);
    axes.push(axis.map((value) => value / length));
  }
  return vectors.map((vector) =>
    axes.map((axis) => axis.reduce((sum, value, i) => sum + value * vector[i]!, 0)),
  );
}

describe('the figures of a space', () => {
  it('are those of scikit-learn, SciPy and NumPy', async () => {
    const { figures } = await analyse(goldenSpace());
    for (const [name, value] of Object.entries(golden.figures)) {
      expect.soft(figures[name]?.value, name).toBeCloseTo(value, 6);
    }
    golden.cells.forEach((row, a) =>
      row.forEach((value, b) => {
        const name = cellName(Math.min(a, b), Math.max(a, b));
        expect(figures[name]?.value).toBeCloseTo(value, 6);
      }),
    );
    expect(figures[separationName(0, 1)]?.value).toBeCloseTo(golden.separation01, 6);
    for (const name of ['homophily', 'assortativity', 'modularity'] as const) {
      expect.soft(figures[name]?.value, name).toBeCloseTo(golden.graph.either[name], 6);
    }
  });

  it('are each a figure of the catalogue, with an interval around it', async () => {
    const groups = Int32Array.from(golden.categories, (_, i) => Math.floor(i / 2));
    const { figures } = await analyse(goldenSpace(), groups);
    for (const name of analysisFigureNames) {
      const { value, low, high } = intervalOf(figures[name]!);
      expect.soft(value, name).not.toBeNull();
      expect.soft(low! <= high!, name).toBe(true);
      expect.soft(high! - low!, name).toBeGreaterThan(0);
    }
    const other = Object.keys(figures).filter((name) => !/^(cell|separation) /.test(name));
    expect(other.sort()).toEqual([...analysisFigureNames].sort());
  });

  it('do not change with a rotation', async () => {
    const before = await analyse(goldenSpace());
    const after = await analyse(goldenSpace(rotated(golden.vectors, goldenDimension)));
    for (const [name, { value, resampled }] of Object.entries(before.figures)) {
      expect.soft(after.figures[name]!.value, name).toBeCloseTo(value, 8);
      expect.soft(after.figures[name]!.resampled[7], name).toBeCloseTo(resampled[7]!, 8);
    }
    expect(after.kMeans.labels).toEqual(before.kMeans.labels);
    expect(after.density.labels).toEqual(before.density.labels);
    expect(after.communities.labels).toEqual(before.communities.labels);
  });

  it('have intervals that hold the figures of most other samples', async () => {
    // Two clusters whose true gap is known from very many notes.
    const sample = (seed: number, notes: number): Space => {
      const random = createRandom(seed, 'notes');
      const labels = Array.from({ length: notes }, () => random.integer(2));
      const values = labels.flatMap((label) => [
        label * 1.5 + random.normal(),
        1 + random.normal(),
      ]);
      return createSpace(Float64Array.from(values), 2, labels.map(String));
    };
    const gap = async (space: Space): Promise<Estimated> => {
      const resamples = randomResamples(1, null, 100);
      const found = await estimate([vectorMeasures(space, [])], space.count, resamples);
      return found.get('gap')!;
    };
    const truth = (await gap(sample(0, 3000))).value;
    let held = 0;
    for (let seed = 1; seed <= 30; seed++) {
      const { low, high } = intervalOf(await gap(sample(seed, 40)));
      if (low! <= truth && truth <= high!) held++;
    }
    expect(held).toBeGreaterThanOrEqual(25);
  });
});

describe('a space with little to measure', () => {
  const defined = ({ figures }: SpaceAnalysis): string[] =>
    Object.entries(figures).flatMap(([name, figure]) =>
      intervalOf(figure).value === null ? [] : [name],
    );

  it('of one note has no figures but those of clusters that it makes alone', async () => {
    const one = createSpace(Float32Array.of(1, 2), 2, ['a']);
    const found = await analyse(one);
    expect(defined(found)).not.toContain('within');
    expect(defined(found)).not.toContain('silhouette');
    expect(defined(found)).not.toContain('homophily');
    expect(defined(found)).not.toContain('isotropy');
    expect(found.graph).toMatchObject({ edges: 0, components: 1, isolated: 1 });
  });

  it('of one category has no figures between categories', async () => {
    const vectors = Float64Array.from(golden.vectors.flat());
    const found = await analyse(
      createSpace(
        vectors,
        goldenDimension,
        goldenCategories.map(() => 'all'),
      ),
    );
    const names = defined(found);
    expect(names).toContain('within');
    for (const name of [
      'between',
      'gap',
      'silhouette',
      'silhouetteCosine',
      'daviesBouldin',
      'calinskiHarabasz',
      'assortativity',
    ]) {
      expect.soft(names, name).not.toContain(name);
    }
    expect(found.figures['homophily']?.value).toBe(1);
  });

  it('of no categories still has what needs none', async () => {
    const vectors = Float64Array.from(golden.vectors.flat());
    const found = await analyse(
      createSpace(
        vectors,
        goldenDimension,
        goldenCategories.map(() => null),
      ),
    );
    const names = defined(found);
    for (const name of [
      'uniformity',
      'isotropy',
      'effectiveDimension',
      'hubness',
      'communityModularity',
    ]) {
      expect.soft(names, name).toContain(name);
    }
    expect(names).not.toContain('homophily');
  });

  it('of equal vectors is neither here nor there', async () => {
    const equal = createSpace(
      Float32Array.from({ length: 60 }, (_, i) => [0.3, 0.4, 0.5][i % 3]!),
      3,
      Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? 'a' : 'b')),
    );
    const found = await analyse(equal);
    expect(found.figures['within']?.value).toBeCloseTo(1, 5);
    expect(found.figures['gap']?.value).toBeCloseTo(0, 5);
    expect(found.figures['silhouetteCosine']?.value).toBeCloseTo(0, 5);
    expect(found.figures['uniformity']?.value).toBeCloseTo(0, 5);
    const names = defined(found);
    for (const name of ['daviesBouldin', 'calinskiHarabasz', 'effectiveDimension']) {
      expect.soft(names, name).not.toContain(name);
    }
  });

  it('with every note twice pairs no note with itself', async () => {
    const twice = golden.vectors.flatMap((vector) => [vector, vector]);
    const categories = goldenCategories.flatMap((category) => [category, category]);
    const found = await analyse(
      createSpace(Float64Array.from(twice.flat()), goldenDimension, categories),
    );
    // A copy is another note: nearer to its category than any other.
    expect(found.figures['within']!.value).toBeGreaterThan(golden.figures['within']!);
    expect(found.figures['between']!.value).toBeCloseTo(golden.figures['between']!, 6);
    found.lists.notes.forEach((other, at) => {
      expect(other).not.toBe(Math.floor(at / found.lists.k));
    });
  });

  it('with a number that is not finite is refused', () => {
    expect(() => createSpace(Float32Array.of(1, NaN), 2, ['a'])).toThrow(/not finite/);
    expect(() => createSpace(Float32Array.of(1, Infinity), 2, ['a'])).toThrow(/not finite/);
  });
});

describe('two models', () => {
  it('that are one another rotated do not differ', async () => {
    const resamples = randomResamples(1, null, 40);
    const a = await analyse(goldenSpace(rotated(golden.vectors, goldenDimension)));
    const b = await analyse(goldenSpace());
    const { overlap, differences, separations, moved } = await compareModels(
      a,
      b,
      [0, 1, 2, 3],
      resamples,
    );
    expect(overlap.value).toBe(1);
    expect(moved).toEqual([]);
    for (const { difference } of differences) expect(difference.mean).toBeCloseTo(0, 8);
    for (const { before, after } of separations) expect(after).toBeCloseTo(before, 8);
  });

  it('of which one sets two categories apart differ there', async () => {
    const pulled = golden.vectors.map((vector, i) =>
      vector.map((value, axis) => value + (golden.categories[i] === 0 && axis === 0 ? 6 : 0)),
    );
    const resamples = randomResamples(1, null, 60);
    const analysed = (space: Space): Promise<SpaceAnalysis> =>
      analyseSpace(space, { settings, groups: null, resamples, shown: [0, 1, 2, 3], threads: 1 });
    const [a, b] = [await analysed(goldenSpace(pulled)), await analysed(goldenSpace())];
    const { separations, moved, overlap } = await compareModels(a, b, [0, 1, 2, 3], resamples);
    const sure = separations.filter(({ pHolm, difference }) => pHolm < 0.05 && difference.mean > 0);
    expect(sure.length).toBeGreaterThan(0);
    expect(sure.every(({ first }) => first === 0)).toBe(true);
    expect(overlap.value).toBeLessThan(1);
    expect(moved.length).toBeGreaterThan(0);
  });
});
