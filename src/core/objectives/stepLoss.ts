import { backward } from '../graph/backward.js';
import type { LossName } from '../../protocol/catalogue/losses.js';
import type { Graph, TensorSpec, Value } from '../graph/graph.js';
import { lower } from '../graph/lowering/lower.js';
import { encodeOnnx } from '../graph/onnxProto.js';
import { reshape } from '../graph/ops.js';
import { staticDimension } from '../graph/shapes.js';

/** A loss over the embeddings of a whole step, whichever micro-batches they come from. */
export interface StepLoss {
  readonly name: LossName;
  /** Number of embeddings compared with each other; memory grows with its square. */
  compared(capacity: number): number;
  /** @param capacity the sampler's `stepCapacity` */
  graph(width: number, capacity: number): StepLossGraph;
}

export interface StepLossGraph {
  readonly bytes: Uint8Array;
  /** Parts of the step's embeddings, in order: float32 [rows, width], and their gradients. */
  readonly embeddings: readonly {
    readonly input: string;
    readonly rows: number;
    readonly gradient: string;
  }[];
  readonly inputs: readonly TensorSpec[];
  /** float32 [1] */
  readonly loss: string;
}

/**
 * Builds a loss [1] over matrices of embeddings, with its gradient with respect to each.
 *
 * @param embeddings [rows, width] each, inputs of the graph
 * @param inputs other inputs of the loss
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
