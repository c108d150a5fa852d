/** Builds a loss over given inputs, differentiates it and runs both, for comparisons with references. */
import { accumulate } from '../../../src/core/graph/accumulate.js';
import { backward } from '../../../src/core/graph/backward.js';
import { addInput, createGraph } from '../../../src/core/graph/graph.js';
import type { Graph, Value } from '../../../src/core/graph/graph.js';
import { reshape, scatterAddRows } from '../../../src/core/graph/ops.js';
import { staticDimension } from '../../../src/core/graph/shapes.js';
import { compile } from '../graph/evaluate.js';
import type { CompileOptions } from '../graph/evaluate.js';

export interface Feed {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array;
}

export interface Outcome {
  readonly loss: number;
  /** Of the inputs that were asked for, by name. */
  readonly gradients: Readonly<Record<string, Float32Array>>;
}

export const devices: readonly CompileOptions[] = [
  { lowering: 'cpu', threads: 1 },
  { lowering: 'cpu', threads: 2 },
  { lowering: 'webgpu', threads: 1 },
];

export async function evaluateLoss<K extends string>(
  feeds: Readonly<Record<K, Feed>>,
  wanted: readonly NoInfer<K>[],
  build: (graph: Graph, values: Readonly<Record<NoInfer<K>, Value>>) => Value,
  device: CompileOptions,
): Promise<Outcome> {
  const graph = createGraph();
  const entries = Object.entries<Feed>(feeds);
  const values = Object.fromEntries(
    entries.map(([name, { shape, data }]) => [
      name,
      addInput(graph, name, data instanceof Int32Array ? 'int32' : 'float32', shape),
    ]),
  ) as Record<K, Value>;
  const loss = build(graph, values);
  const sources = wanted.map((name) => values[name]);
  const gradients = denseGradients(graph, loss, sources);
  const compiled = await compile(graph, [loss, ...gradients], device);
  try {
    const [value, ...computed] = await compiled.run(
      Object.fromEntries(entries.map(([name, { data }]) => [name, data])),
    );
    return {
      loss: value![0]!,
      gradients: Object.fromEntries(wanted.map((name, i) => [name, computed[i]!])),
    };
  } finally {
    await compiled.release();
  }
}

/** Of a loss by each of `sources`, in their order and of their shapes. */
export function denseGradients(graph: Graph, loss: Value, sources: readonly Value[]): Value[] {
  return [...backward(graph, loss, sources)].map(([input, parts]) =>
    parts
      .map((part) =>
        part.kind === 'dense'
          ? part.value
          : reshape(
              graph,
              scatterAddRows(graph, part.updates, part.rows, staticDimension(input, 0)),
              input.shape,
            ),
      )
      .reduce((sum, part) => accumulate(graph, sum, part)),
  );
}
