/**
 * The classifier of the paper on fixed embeddings: dropout, a dense layer of the embeddings' width,
 * tanh, dropout, an output layer, trained with AdamW (RobertaClassificationHead of transformers on
 * the mean embedding). ONNX Runtime computes the two large products of a step, plain code the rest.
 */
import { setImmediate } from 'node:timers/promises';
import { adamWStep } from '../../backend/cpu/optimizer.js';
import { throwIfAborted } from '../../base/errors.js';
import { createRandom } from '../../base/random.js';
import { rowCount } from '../logistic/featureMatrix.js';
import { createHeadProducts } from './headProducts.js';
import { createHeadState } from './headState.js';
import type { HeadParameters } from './headState.js';
import { activations, addHeadGradients, outputLogits } from './headStep.js';
import type { HeadTargets } from './headStep.js';

export interface HeadSettings {
  readonly learningRate: number;
  /** Not of biases. */
  readonly weightDecay: number;
  readonly dropout: number;
  readonly batchSize: number;
  readonly epochs: number;
  /** Epochs without a better score after which training ends; `null`: all epochs. */
  readonly patience: number | null;
}

/** What the paper trains with; the learning rate falls to 0 in a straight line. */
export const paperHead = {
  learningRate: 2e-5,
  weightDecay: 0,
  dropout: 0.1,
  batchSize: 32,
  epochs: 30,
  patience: null,
} as const satisfies HeadSettings;

export interface HeadTraining extends HeadTargets {
  /** [rows, columns] */
  readonly values: Float32Array;
  readonly columns: number;
  readonly settings: HeadSettings;
  readonly seed: number;
  readonly threads: number;
  /** `null`: drawn from a normal distribution of deviation 0.02, with biases of 0. */
  readonly initial: HeadParameters | null;
  readonly signal?: AbortSignal | undefined;
  /**
   * Called after each epoch with its parameters, which later steps overwrite: macro-F1 on validation
   * notes. The parameters of the epoch with the highest score are returned, of equal ones the first.
   */
  readonly score: (parameters: HeadParameters, epoch: number) => number | Promise<number>;
}

export interface TrainedHead {
  readonly parameters: HeadParameters;
  /** By epoch. */
  readonly scores: readonly number[];
  /** Counts from 1. */
  readonly bestEpoch: number;
}

const adam = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

/** Checks the signal and yields at each step. The same arguments give the same head. */
export async function trainDenseHead(training: HeadTraining): Promise<TrainedHead> {
  const { values, columns, outputs, settings, seed, threads, signal } = training;
  const { batchSize, dropout, epochs, learningRate, weightDecay, patience } = settings;
  const rows = rowCount(values, columns);
  if (rows === 0 || epochs < 1) throw new RangeError(`${rows} rows and ${epochs} epochs`);
  const sizes = { columns, outputs, batchSize, dropout, seed };
  const state = createHeadState(sizes, training.initial);
  const products = await createHeadProducts({ columns, rows: batchSize, threads });
  const steps = Math.ceil(rows / batchSize) * epochs;
  const scores: number[] = [];
  let best = { score: -Infinity, epoch: 0, parameters: state.parameters };
  let step = 0;
  try {
    for (let epoch = 1; epoch <= epochs; epoch++) {
      const order = createRandom(seed, 'head order', epoch).shuffle([...Array(rows).keys()]);
      for (let from = 0; from < rows; from += batchSize) {
        throwIfAborted(signal);
        const batch = order.slice(from, from + batchSize);
        const masks = state.drawMasks(step);
        fillInputs(products.inputs, training, batch, masks.inputs);
        await addHeadGradients(
          { ...training, rows: batch, masks },
          state.parameters,
          state.gradients,
          products,
        );
        const rate = learningRate * (1 - step / steps);
        adamWStep(state, { ...adam, weightDecay }, ++step, rate, 1);
        await setImmediate();
      }
      const score = await training.score(state.parameters, epoch);
      scores.push(score);
      if (epoch === 1 || score > best.score) {
        best = { score, epoch, parameters: copyOf(state.parameters) };
      }
      if (patience !== null && epoch - best.epoch >= patience) break;
    }
    return { parameters: best.parameters, scores, bestEpoch: best.epoch };
  } finally {
    await products.release();
  }
}

/** The embeddings of a batch times the mask; rows of a batch that is not full are 0. */
function fillInputs(
  inputs: Float32Array,
  { values, columns }: HeadTraining,
  batch: readonly number[],
  mask: Float32Array,
): void {
  inputs.fill(0);
  batch.forEach((row, place) => {
    inputs.set(values.subarray(row * columns, (row + 1) * columns), place * columns);
  });
  for (let i = 0; i < inputs.length; i++) inputs[i]! *= mask[i]!;
}

function copyOf(parameters: HeadParameters): HeadParameters {
  return {
    denseWeight: parameters.denseWeight.slice(),
    denseBias: parameters.denseBias.slice(),
    outputWeight: parameters.outputWeight.slice(),
    outputBias: parameters.outputBias.slice(),
  };
}

const rowsAtOnce = 256;

/** For the logits of other embeddings than those that a head learns from. */
export interface HeadReader {
  /**
   * Logits [rows, outputs], without dropout; softmax or the sigmoid of each makes them
   * probabilities.
   */
  logits(parameters: HeadParameters, values: Float32Array): Promise<Float64Array>;
  release(): Promise<void>;
}

/** Reads as often as it is asked to: to open it takes longer than to read a few hundred rows. */
export async function openHeadReader(
  columns: number,
  { threads }: { readonly threads: number },
): Promise<HeadReader> {
  const products = await createHeadProducts({ columns, rows: rowsAtOnce, threads });
  return {
    async logits(parameters, values) {
      const outputs = parameters.outputBias.length;
      const rows = rowCount(values, columns);
      const logits = new Float64Array(rows * outputs);
      for (let from = 0; from < rows; from += rowsAtOnce) {
        const own = values.subarray(from * columns, (from + rowsAtOnce) * columns);
        products.inputs.set(own);
        await products.forward(parameters.denseWeight);
        const active = activations(products.hidden, parameters.denseBias, own.length);
        logits.set(outputLogits(parameters, active), from * outputs);
        await setImmediate();
      }
      return logits;
    },
    release: () => products.release(),
  };
}
