/**
 * Visits every window once per epoch, in steps that bring windows of the same category together.
 */
import { createRandom } from '../../base/random.js';
import { planCategoryBatches } from './categoryBatches.js';
import type { CategoryBatch } from './categoryBatches.js';
import { layOutStep, createLayout, sampledGroups } from './layout.js';
import type { Example, SampledStep, Sampler, SamplerSetup } from './sampler.js';
import { longestOf, maskWindow, windowsOf } from './windowSampler.js';

export interface CategorySamplerOptions {
  /** Whether masked tokens are predicted. */
  readonly predicts: boolean;
  /** Class of a category; -1 if it is not learned, or if there is none. */
  readonly classOf: (category: string | null) => number;
  /**
   * Inputs of the step loss for a batch of these classes (`null`: none) with room for `rows` rows,
   * and the total weight over which that loss is a mean.
   */
  readonly compare: (
    classes: readonly (number | null)[],
    rows: number,
  ) => Pick<SampledStep, 'stepInputs' | 'stepWeight'>;
}

export function categorySampler(
  setup: SamplerSetup,
  { predicts, classOf, compare }: CategorySamplerOptions,
): Sampler {
  const { batches, seed } = setup;
  const windows = windowsOf(setup);
  const wanted = batches.batchDocuments * batches.gradientAccumulationSteps;
  const size = Math.max(2, Math.min(wanted, windows.lengths.length));
  const sizes = windows.lengths.map((tokens) => ({ tokens, predicts }));
  const categorised = windows.documents.map((document) => {
    const category = classOf(setup.documents[document]!.category);
    return { document, category: category < 0 ? null : category };
  });
  const planEpoch = (epoch: number): CategoryBatch[] =>
    planCategoryBatches(categorised, size, createRandom(seed, 'categories', epoch));
  const place = placesOf(planEpoch);
  const first = planEpoch(0);
  const sampled = first.slice(0, sampledGroups);
  const layout = createLayout(
    {
      groups: sampled.map((batch) => batch.windows.map((window) => sizes[window]!)),
      longest: longestOf(sizes),
      scale: first.length / sampled.length,
    },
    setup,
  );

  function step(index: number): SampledStep {
    const { epoch, batch } = place(index);
    const examples = batch.windows.map((window, row): Example => {
      const masked = maskWindow(setup, windows, { epoch, window, predicts });
      return { ...masked, row };
    });
    return { microBatches: layOutStep(layout, examples), ...compare(batch.categories, size) };
  }

  return {
    shapes: layout.shapes,
    stepsPerEpoch: first.length,
    stepCapacity: size,
    step,
  };
}

/** The batch of a step. The number of batches may differ between epochs, so they are counted up. */
function placesOf(
  planEpoch: (epoch: number) => CategoryBatch[],
): (step: number) => { epoch: number; batch: CategoryBatch } {
  const starts = [0];
  let planned = { epoch: 0, batches: planEpoch(0) };
  const batchesOf = (epoch: number): CategoryBatch[] => {
    if (planned.epoch !== epoch) planned = { epoch, batches: planEpoch(epoch) };
    return planned.batches;
  };
  return (step) => {
    while (starts.at(-1)! <= step) {
      const epoch = starts.length - 1;
      starts.push(starts[epoch]! + batchesOf(epoch).length);
    }
    const epoch = starts.findLastIndex((start) => start <= step);
    return { epoch, batch: batchesOf(epoch)[step - starts[epoch]!]! };
  };
}
