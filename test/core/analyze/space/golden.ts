/** Made-up vectors, and what scikit-learn, networkx and others say of them: see makeSpace.py beside the file. */
import { readFileSync } from 'node:fs';
import { createSpace } from '../../../../src/core/analyze/space/space.js';
import type { Space } from '../../../../src/core/analyze/space/space.js';

interface GraphNumbers {
  readonly edges: number;
  readonly components: number;
  readonly largestComponent: number;
  readonly isolated: number;
  readonly degree: { readonly least: number; readonly mean: number; readonly most: number };
  readonly homophily: number;
  readonly assortativity: number;
  readonly modularity: number;
  readonly louvainModularity: number;
}

interface Golden {
  readonly vectors: readonly (readonly number[])[];
  readonly categories: readonly number[];
  readonly figures: Readonly<Record<string, number>>;
  readonly cells: readonly (readonly number[])[];
  readonly separation01: number;
  readonly neighbours: { readonly k: number; readonly notes: readonly (readonly number[])[] };
  readonly graph: { readonly either: GraphNumbers; readonly mutual: GraphNumbers };
  readonly kMeans: {
    readonly start: readonly number[];
    readonly labels: readonly number[];
    readonly centres: readonly (readonly number[])[];
    readonly inertia: number;
  };
  readonly agreement: {
    readonly groups: readonly number[];
    readonly figures: Readonly<Record<string, number>>;
  };
  readonly density: {
    readonly angles: readonly number[];
    readonly cases: readonly {
      readonly minClusterSize: number;
      readonly minSamples: number;
      readonly labels: readonly number[];
    }[];
  };
  readonly keywords: {
    readonly texts: readonly string[];
    readonly groups: readonly number[];
    readonly terms: readonly string[];
    readonly scores: readonly (readonly number[])[];
  };
  readonly eigen: {
    readonly matrix: readonly (readonly number[])[];
    readonly values: readonly number[];
  };
}

const file = new URL('../../../golden/space/space.json', import.meta.url);
export const golden = JSON.parse(readFileSync(file, 'utf8')) as Golden;

export const goldenDimension = 8;
export const goldenCategories = golden.categories.map((category) =>
  category < 0 ? null : `category ${category}`,
);

export function goldenSpace(vectors: readonly (readonly number[])[] = golden.vectors): Space {
  const values = Float64Array.from(vectors.flat());
  return createSpace(values, goldenDimension, goldenCategories);
}
