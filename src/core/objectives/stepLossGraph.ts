import { backward } from '../graph/backward.js';
import type { Graph, Value } from '../graph/graph.js';
import { lower } from '../graph/lowering/lower.js';
import { encodeOnnx } from '../graph/onnxProto.js';
import { reshape } from '../graph/ops.js';
import { staticDimension } from '../graph/shapes.js';
import type { StepLossGraph, TensorSpec } from './objective.js';

/**
 * A loss [1] over matrices of embeddings, with its gradient by each of them.
 *
 * @param embeddings [rows, width] each, inputs of the graph
 * @param inputs what else the loss reads
 */
export function stepLossGraph(
  graph: Graph,
  loss: Value,
  embeddings: readonly Value[],
  inputs: readonly Value[],
): StepLossGraph {
  const gradients = backward(graph, loss, embeddings);
  const gradientName = ({ name }: Value): string => `${name}.gradient`;
  const outputs = embeddings.map((value) => {
    const [part, ...others] = gradients.get(value) ?? [];
    if (part?.kind !== 'dense' || others.length > 0) {
      throw new Error(`the gradient of "${value.name}" is not one dense part`);
    }
    return { name: gradientName(value), value: reshape(graph, part.value, value.shape) };
  });
  const model = lower(graph, [{ name: 'loss', value: loss }, ...outputs], {
    lowering: 'cpu',
    marker: false,
  });
  return {
    bytes: encodeOnnx(model),
    embeddings: embeddings.map((value) => ({
      input: value.name,
      rows: staticDimension(value, 0),
      gradient: gradientName(value),
    })),
    inputs: inputs.map(specOf),
    loss: 'loss',
  };
}

function specOf({ name, dtype, shape }: Value): TensorSpec {
  return { name, dtype, shape: shape.map((size) => Number(size)) };
}
