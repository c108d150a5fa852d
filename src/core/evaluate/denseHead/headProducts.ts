/** The two products of a dense head that are worth a matrix library. */
import { addInput, createGraph } from '../../graph/graph.js';
import type { Graph, Value } from '../../graph/graph.js';
import { lower } from '../../graph/lowering/lower.js';
import { encodeOnnx } from '../../graph/onnxProto.js';
import { matMul } from '../../graph/ops.js';
import { createSession } from '../../graph/session.js';
import type { GraphSession } from '../../graph/session.js';

export interface HeadProducts {
  /** [rows, columns], filled by the caller. */
  readonly inputs: Float32Array;
  /** [rows, columns] */
  readonly hidden: Float32Array;
  /** [rows, columns], filled by the caller. */
  readonly hiddenGradients: Float32Array;
  /** hidden = inputs weight' with weight [columns, columns] by output, as in PyTorch. */
  forward(weight: Float32Array): Promise<void>;
  /** gradient [columns, columns] = hiddenGradients' inputs; overwrites it. */
  backward(gradient: Float32Array): Promise<void>;
  release(): Promise<void>;
}

export interface HeadProductSizes {
  readonly rows: number;
  readonly columns: number;
  readonly threads: number;
}

export async function createHeadProducts({
  rows,
  columns,
  threads,
}: HeadProductSizes): Promise<HeadProducts> {
  const session = (build: (graph: Graph) => Value) => {
    const graph = createGraph();
    const value = build(graph);
    const model = lower(graph, [{ name: 'product', value }], { lowering: 'cpu', marker: true });
    return createSession(encodeOnnx(model), { device: 'cpu', threads });
  };
  const wide = [rows, columns];
  const square = [columns, columns];
  const forward = await session((graph) => {
    const inputs = addInput(graph, 'inputs', 'float32', wide);
    return matMul(graph, inputs, addInput(graph, 'weight', 'float32', square), { transB: true });
  });
  // Of a head that only reads there is none.
  let backward: GraphSession | null = null;
  const openBackward = () =>
    session((graph) => {
      const gradients = addInput(graph, 'gradients', 'float32', wide);
      return matMul(graph, gradients, addInput(graph, 'inputs', 'float32', wide), { transA: true });
    });
  const tensor = (data: Float32Array, shape: readonly number[]) =>
    ({ dtype: 'float32', data, shape }) as const;
  const inputs = new Float32Array(rows * columns);
  const hidden = new Float32Array(rows * columns);
  const hiddenGradients = new Float32Array(rows * columns);
  return {
    inputs,
    hidden,
    hiddenGradients,
    forward: (weight) =>
      forward.run(
        { inputs: tensor(inputs, wide), weight: tensor(weight, square) },
        { product: tensor(hidden, wide) },
      ),
    async backward(gradient) {
      backward ??= await openBackward();
      await backward.run(
        { gradients: tensor(hiddenGradients, wide), inputs: tensor(inputs, wide) },
        { product: tensor(gradient, square) },
      );
    },
    async release() {
      await forward.release();
      await backward?.release();
    },
  };
}
