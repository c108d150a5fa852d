/**
 * Ops of a decoder over the vocabulary: logits = hidden [n, width] weight' [vocabulary, width] +
 * bias, for labels [n] with weights [n]. Logits exist for one chunk of rows at a time.
 */
import { addNode, newValue } from './graph.js';
import type { Graph, RowRange, Value } from './graph.js';
import { expectShape } from './ops.js';
import { dimension, staticDimension } from './shapes.js';

export interface DecoderInputs {
  readonly hidden: Value;
  readonly weight: Value;
  readonly bias: Value;
  readonly labels: Value;
  readonly weights: Value;
}

/** Logits in memory at a time: 64 MB as float32. */
export const maxLogits = 16 * 1024 * 1024;

/** Sum over rows of weight times cross-entropy: [1]. */
export function decoderLoss(graph: Graph, inputs: DecoderInputs, limit = maxLogits): Value {
  const chunks = rowChunks(inputs, limit);
  const loss = newValue(graph, 'decoderLoss', 'float32', [1]);
  const shape = [dimension(inputs.hidden, 0), dimension(inputs.weight, 0)];
  const { hidden, weight, bias, labels, weights } = inputs;
  addNode<'decoderLoss'>(graph, {
    op: 'decoderLoss',
    attributes: { chunks },
    inputs: [hidden, weight, bias, labels, weights],
    outputs:
      chunks.length === 1 ? [loss, newValue(graph, 'decoderLoss', 'float32', shape)] : [loss],
  });
  return loss;
}

/** Sum of the weights of the rows whose largest logit is the label's: [1]. */
export function decoderCorrect(graph: Graph, inputs: DecoderInputs, limit = maxLogits): Value {
  const correct = newValue(graph, 'decoderCorrect', 'float32', [1]);
  const { hidden, weight, bias, labels, weights } = inputs;
  addNode<'decoderCorrect'>(graph, {
    op: 'decoderCorrect',
    attributes: { chunks: rowChunks(inputs, limit) },
    inputs: [hidden, weight, bias, labels, weights],
    outputs: [correct],
  });
  return correct;
}

function rowChunks(
  { hidden, weight, bias, labels, weights }: DecoderInputs,
  limit: number,
): RowRange[] {
  expectShape('decoder', weight, [dimension(weight, 0), dimension(hidden, 1)]);
  expectShape('decoder', bias, [dimension(weight, 0)]);
  expectShape('decoder', labels, [dimension(hidden, 0)]);
  expectShape('decoder', weights, labels.shape);
  const rows = staticDimension(hidden, 0);
  const chunkCount = Math.ceil(rows / Math.max(1, Math.floor(limit / staticDimension(weight, 0))));
  const height = Math.ceil(rows / chunkCount);
  return Array.from({ length: Math.ceil(rows / height) }, (_, i) => ({
    start: i * height,
    end: Math.min(rows, (i + 1) * height),
  }));
}
