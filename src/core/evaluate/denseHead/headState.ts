/** Parameters of a dense head with their gradients, moments and dropout masks in one WebAssembly memory. */
import type { OptimizerRegion } from '../../backend/cpu/parameterMemory.js';
import { allocatedBytes, createKernelMemory } from '../../backend/cpu/kernels/memory.js';
import { dropoutKey } from '../../backend/dropoutKey.js';
import { createRandom } from '../../base/random.js';

/** Weights by output, as in PyTorch. */
export interface HeadParameters {
  /** [columns, columns] */
  readonly denseWeight: Float32Array;
  /** [columns] */
  readonly denseBias: Float32Array;
  /** [outputs, columns] */
  readonly outputWeight: Float32Array;
  /** [outputs] */
  readonly outputBias: Float32Array;
}

/** Factors of a batch's values: 0 or 1 / (1 - rate); [batchSize, columns]. */
export interface HeadMasks {
  readonly inputs: Float32Array;
  readonly hidden: Float32Array;
}

export interface HeadState {
  readonly parameters: HeadParameters;
  readonly gradients: HeadParameters;
  /** For the optimizer: weights decay, biases do not. */
  readonly regions: readonly OptimizerRegion[];
  /** The masks of a step, always the same for the same seed and step; overwritten by the next. */
  drawMasks(step: number): HeadMasks;
}

export interface HeadSizes {
  readonly columns: number;
  readonly outputs: number;
  readonly batchSize: number;
  readonly dropout: number;
  readonly seed: number;
}

/** As transformers initialises a head: biases are 0. */
const deviation = 0.02;

/** @param initial `null` draws the weights */
export function createHeadState(sizes: HeadSizes, initial: HeadParameters | null): HeadState {
  const { columns, outputs, batchSize, dropout, seed } = sizes;
  const weights = columns * columns + outputs * columns;
  const biases = columns + outputs;
  const masked = batchSize * columns;
  const memory = createKernelMemory(
    4 * (allocatedBytes(weights) + allocatedBytes(biases)) + 2 * allocatedBytes(masked),
  );
  const region = (length: number) => ({
    memory,
    values: memory.floats(length),
    gradients: memory.floats(length),
    moment1: memory.floats(length),
    moment2: memory.floats(length),
  });
  const [decaying, others] = [region(weights), region(biases)];
  const split = (which: 'values' | 'gradients'): HeadParameters => ({
    denseWeight: decaying[which].subarray(0, columns * columns),
    outputWeight: decaying[which].subarray(columns * columns),
    denseBias: others[which].subarray(0, columns),
    outputBias: others[which].subarray(columns),
  });
  const parameters = split('values');
  if (initial === null) {
    const random = createRandom(seed, 'dense head');
    for (let i = 0; i < weights; i++) decaying.values[i] = deviation * random.normal();
  } else {
    parameters.denseWeight.set(initial.denseWeight);
    parameters.denseBias.set(initial.denseBias);
    parameters.outputWeight.set(initial.outputWeight);
    parameters.outputBias.set(initial.outputBias);
  }
  const masks = { inputs: memory.floats(masked), hidden: memory.floats(masked) };
  const [k0, k1] = dropoutKey(seed);
  const threshold = Math.round(dropout * 65_536);
  const fill = (mask: Float32Array, step: number, site: number): void =>
    memory.kernels.fillDropout(
      mask.byteOffset,
      masked,
      threshold,
      1 / (1 - dropout),
      0,
      step,
      site,
      k0,
      k1,
    );
  return {
    parameters,
    gradients: split('gradients'),
    regions: [
      { decay: true, rateFactor: 1, parts: [decaying] },
      { decay: false, rateFactor: 1, parts: [others] },
    ],
    drawMasks(step) {
      fill(masks.inputs, step, 0);
      fill(masks.hidden, step, 1);
      return masks;
    },
  };
}
