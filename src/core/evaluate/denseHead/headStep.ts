/** Forward pass and gradients of a dense head on one batch, and its logits elsewhere. */
import type { HeadProducts } from './headProducts.js';
import type { HeadMasks, HeadParameters } from './headState.js';
import { sigmoidLoss, softmaxLoss } from '../logistic/linearLoss.js';

export interface HeadTargets {
  /**
   * One class of `outputs` for each row, or with `multiLabel` 0 or 1 for each row and label
   * [rows, outputs].
   */
  readonly targets: Int32Array;
  readonly outputs: number;
  readonly multiLabel: boolean;
  /** [outputs]: factor of a row's loss by its class; `null` for 1. Not for several labels. */
  readonly classWeights: readonly number[] | null;
}

export interface HeadBatch extends HeadTargets {
  /** Rows of `targets`; their embeddings are the first rows of the products' inputs, times the mask. */
  readonly rows: readonly number[];
  readonly masks: HeadMasks;
}

/** Fills `gradients`, which are 0, with those of the batch's mean loss, weighted as PyTorch's losses weight it. */
export async function addHeadGradients(
  batch: HeadBatch,
  parameters: HeadParameters,
  gradients: HeadParameters,
  products: HeadProducts,
): Promise<void> {
  const { rows, outputs, masks } = batch;
  const columns = parameters.denseBias.length;
  const used = rows.length * columns;
  await products.forward(parameters.denseWeight);
  const active = activations(products.hidden, parameters.denseBias, used);
  const kept = active.map((value, i) => value * masks.hidden[i]!);
  const residuals = lossGradients(batch, outputLogits(parameters, kept));
  // Rows of a batch that is not full stay 0.
  const hidden = products.hiddenGradients.fill(0);
  for (let row = 0; row < rows.length; row++) {
    for (let k = 0; k < outputs; k++) {
      const residual = residuals[row * outputs + k]!;
      gradients.outputBias[k]! += residual;
      for (let i = 0; i < columns; i++) {
        gradients.outputWeight[k * columns + i]! += residual * kept[row * columns + i]!;
        hidden[row * columns + i]! += residual * parameters.outputWeight[k * columns + i]!;
      }
    }
  }
  for (let i = 0; i < used; i++) {
    hidden[i]! *= masks.hidden[i]! * (1 - active[i]! ** 2);
    gradients.denseBias[i % columns]! += hidden[i]!;
  }
  await products.backward(gradients.denseWeight);
}

/** tanh of the first `count` hidden values plus bias. */
export function activations(hidden: Float32Array, bias: Float32Array, count: number): Float32Array {
  const active = new Float32Array(count);
  for (let i = 0; i < count; i++) active[i] = Math.tanh(hidden[i]! + bias[i % bias.length]!);
  return active;
}

/** Logits [rows, outputs] of the output layer on `active` [rows, columns]. */
export function outputLogits(
  { outputWeight, outputBias }: HeadParameters,
  active: Float32Array,
): Float64Array {
  const outputs = outputBias.length;
  const columns = outputWeight.length / outputs;
  const logits = new Float64Array((active.length / columns) * outputs);
  for (let at = 0; at < logits.length; at++) {
    const k = at % outputs;
    const from = ((at - k) / outputs) * columns;
    let sum = outputBias[k]!;
    for (let i = 0; i < columns; i++) sum += active[from + i]! * outputWeight[k * columns + i]!;
    logits[at] = sum;
  }
  return logits;
}

/** Derivatives of the batch's loss by the logits [rows, outputs]. */
function lossGradients(
  { rows, targets, outputs, multiLabel, classWeights }: HeadBatch,
  logits: Float64Array,
): Float64Array {
  const labels = multiLabel
    ? rows.flatMap((row) => [...targets.subarray(row * outputs, (row + 1) * outputs)])
    : rows.map((row) => targets[row]!);
  const weights = labels.map((label) => (multiLabel ? 1 : (classWeights?.[label] ?? 1)));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const labelled = {
    labels: Int32Array.from(labels),
    weights: Float64Array.from(weights, (weight) => weight / total),
  };
  const residuals = new Float64Array(logits.length);
  const loss = multiLabel ? sigmoidLoss : softmaxLoss(outputs);
  loss(labelled, logits, residuals);
  return residuals;
}
