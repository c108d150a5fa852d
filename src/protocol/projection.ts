/** Two-dimensional projection of the documents of a store, for the cluster map. */
export interface ProjectJob {
  readonly kind: 'project';
  readonly store: string;
  readonly seed: number;
}

export interface ProjectResult {
  readonly kind: 'project';
  readonly points: number;
  readonly seconds: number;
}
