/** Every window once an epoch, in steps where windows of a category meet others of their own. */
import { createRandom } from '../../base/random.js';
import { planCategoryBatches } from './categoryBatches.js';
import type { CategoryBatch } from './categoryBatches.js';
import { layOutStep, planLayout, sampledGroups } from './layout.js';
import type { Categories } from '../noteCategory.js';
import type { Example, SampledStep, Sampler, SamplerSetup } from '../objective.js';
import { supConTargets } from '../supCon.js';
import { longestOf, maskWindow, windowsOf } from './windowSampler.js';

export function categorySampler(
  setup: SamplerSetup,
  categories: Categories,
  predicts: boolean,
): Sampler {
  const { settings, seed } = setup;
  const windows = windowsOf(setup);
  const wanted = settings.batchDocuments * settings.gradientAccumulationSteps;
  const size = Math.max(2, Math.min(wanted, windows.lengths.length));
  const sizes = windows.lengths.map((tokens) => ({ tokens, predicts }));
  const categorised = windows.documents.map((document) => {
    const category = categories.indexOf(setup.documents[document]!.category);
    return { document, category: category < 0 ? null : category };
  });
  const planEpoch = (epoch: number): CategoryBatch[] =>
    planCategoryBatches(categorised, size, createRandom(seed, 'categories', epoch));
  const place = placesOf(planEpoch);
  const first = planEpoch(0);
  const sampled = first.slice(0, sampledGroups);
  const layout = planLayout(
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
      return { ...masked, row, category: 0, categoryWeight: 0 };
    });
    const targets = supConTargets(batch.categories, size, categories.weights);
    return {
      microBatches: layOutStep(layout, examples),
      stepInputs: { ...targets },
      stepWeight: targets.anchorWeights.reduce((sum, weight) => sum + weight, 0),
    };
  }

  return {
    shapes: layout.shapes,
    stepsPerEpoch: first.length,
    stepCapacity: size,
    step,
  };
}

/** The batch of a step. Epochs may differ by a batch, so that they are counted up. */
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
