/** The spans that a DeCLUTR run reads, for a peer to read the same. */
import type { OwnEpoch } from './ours.js';

export interface DrawnStep {
  /** Masked; `labels` are the tokens at `positions`. */
  readonly anchors: readonly {
    readonly ids: readonly number[];
    readonly positions: readonly number[];
    readonly labels: readonly number[];
  }[];
  /** Those of the first anchor first. */
  readonly positives: readonly (readonly number[])[];
}

export function drawnSteps({ sampler, steps }: Pick<OwnEpoch, 'sampler' | 'steps'>): DrawnStep[] {
  return Array.from({ length: steps }, (_, step) => {
    const examples = sampler
      .step(step)
      .microBatches.flatMap(({ rows }) => rows.flat())
      .sort((a, b) => a.row - b.row);
    const anchors = examples.filter(({ targets }) => targets.mlm !== undefined);
    const positives = examples.filter(({ targets }) => targets.mlm === undefined);
    return {
      anchors: anchors.map(({ inputIds, targets: { mlm } }) => ({
        ids: [...inputIds],
        positions: [...(mlm?.positions ?? [])],
        labels: [...(mlm?.labels ?? [])],
      })),
      positives: positives.map(({ inputIds }) => [...inputIds]),
    };
  });
}
