/** Runs a graph on the CPU and returns its outputs, for tests. */
import type {
  ElementType,
  Graph,
  Lowering,
  TensorData,
  Value,
} from '../../../src/core/graph/graph.js';
import { lower } from '../../../src/core/graph/lowering/lower.js';
import { encodeOnnx } from '../../../src/core/graph/onnxProto.js';
import { createSession } from '../../../src/core/graph/session.js';
import type { HostTensor, SessionOptions } from '../../../src/core/graph/session.js';
import { elementCount, staticShape } from '../../../src/core/graph/shapes.js';

export type Feeds = Readonly<Record<string, TensorData>>;

export interface CompiledGraph {
  run(feeds: Feeds): Promise<Float32Array[]>;
  release(): Promise<void>;
}

export interface CompileOptions {
  readonly lowering?: Lowering;
  readonly threads?: number;
  /** Where not on the CPU. */
  readonly session?: SessionOptions;
}

export function zeros(dtype: ElementType, count: number): TensorData {
  switch (dtype) {
    case 'float32':
      return new Float32Array(count);
    case 'int32':
      return new Int32Array(count);
    case 'int64':
      return new BigInt64Array(count);
    case 'uint8':
      return new Uint8Array(count);
  }
}

export async function compile(
  graph: Graph,
  values: readonly Value[],
  { lowering = 'cpu', threads = 1, session: options }: CompileOptions = {},
): Promise<CompiledGraph> {
  const outputs = values.map((value, i) => ({ name: `out${i}`, value }));
  const bytes = encodeOnnx(lower(graph, outputs, { lowering, marker: false }));
  const session = await createSession(bytes, options ?? { device: 'cpu', threads });
  return {
    async run(feeds) {
      const fed: Record<string, HostTensor> = {};
      for (const value of graph.inputs) {
        const data = feeds[value.name] ?? zeros(value.dtype, elementCount(value));
        fed[value.name] = { dtype: value.dtype, data, shape: staticShape(value) };
      }
      const filled = outputs.map(({ value }) => new Float32Array(elementCount(value)));
      const fetched: Record<string, HostTensor> = {};
      outputs.forEach(({ name, value }, i) => {
        fetched[name] = { dtype: 'float32', data: filled[i]!, shape: staticShape(value) };
      });
      await session.run(fed, fetched);
      return filled;
    },
    release: () => session.release(),
  };
}
