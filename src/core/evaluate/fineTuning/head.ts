/** The classifier's head: a linear layer on the pooled embedding, as a loss and as probabilities. */
import { categoryBias, categoryClassifier, categoryWeight } from '../../objectives/categoryLoss.js';
import { classWeights } from '../../objectives/categories.js';
import { labelBias, labelClassifier, labelWeight } from '../../objectives/labelLoss.js';
import type { Loss } from '../../objectives/loss.js';
import type { Targets } from '../../objectives/sampling/sampler.js';
import type { LabelsPerDocument } from '../metrics/testSet.js';
import type { FineTuningSettings } from './settings.js';

export interface Head {
  /** Names of its parameters: weight [classes, hiddenSize] and bias [classes]. */
  readonly weight: string;
  readonly bias: string;
  /** Turns the logits of a document [classes] into probabilities, in place. */
  readonly toProbabilities: (logits: Float64Array) => void;
}

export const heads: Readonly<Record<LabelsPerDocument, Head>> = {
  one: { weight: categoryWeight, bias: categoryBias, toProbabilities: softmax },
  several: { weight: labelWeight, bias: labelBias, toProbabilities: sigmoids },
};

export interface Teaching {
  readonly loss: Loss;
  /** What a training document teaches, by its index. */
  readonly targetsOf: (document: number) => Targets;
}

/**
 * @param actual of the training documents, as in `LabelledTexts`
 * @param width of the embeddings
 */
export function teachingOf(
  labels: LabelsPerDocument,
  actual: Int32Array | Uint8Array,
  classes: number,
  weighting: FineTuningSettings['classWeights'],
  width: number,
): Teaching {
  return labels === 'one'
    ? teachOne(actual, classes, weighting, width)
    : teachSeveral(actual, classes, weighting, width);
}

function teachOne(
  actual: Int32Array | Uint8Array,
  classes: number,
  weighting: FineTuningSettings['classWeights'],
  width: number,
): Teaching {
  const counts = new Array<number>(classes).fill(0);
  for (const k of actual) counts[k]! += 1;
  const weights = classWeights(counts, weighting);
  return {
    loss: categoryClassifier(classes, width),
    targetsOf(document) {
      const k = actual[document]!;
      return { category: { labels: Int32Array.of(k), positions: null, weight: weights[k]! } };
    },
  };
}

/** Balanced: of each label, the notes with it weigh as much as those without it. */
function teachSeveral(
  actual: Int32Array | Uint8Array,
  classes: number,
  weighting: FineTuningSettings['classWeights'],
  width: number,
): Teaching {
  const documents = actual.length / classes;
  const weights = Array.from({ length: classes }, (_, k) => {
    let count = 0;
    for (let i = k; i < actual.length; i += classes) count += actual[i]!;
    const [present, absent] = classWeights([count, documents - count], weighting);
    return { present: present!, absent: absent! };
  });
  return {
    loss: labelClassifier(weights, width),
    targetsOf(document) {
      const own = actual.subarray(document * classes, (document + 1) * classes);
      return { labels: { labels: Float32Array.from(own), positions: null, weight: 1 } };
    },
  };
}

function softmax(logits: Float64Array): void {
  const greatest = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  let sum = 0;
  for (let k = 0; k < logits.length; k++) {
    logits[k] = Math.exp(logits[k]! - greatest);
    sum += logits[k]!;
  }
  for (let k = 0; k < logits.length; k++) logits[k]! /= sum;
}

function sigmoids(logits: Float64Array): void {
  for (let k = 0; k < logits.length; k++) logits[k] = 1 / (1 + Math.exp(-logits[k]!));
}
