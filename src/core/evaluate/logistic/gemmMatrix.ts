/**
 * Dense rows whose products ONNX Runtime computes on all cores, many times as fast as
 * plain loops. Products are float32; the sums over rows, where rounding would build up, are
 * float32 within a block and float64 across blocks.
 */
import { addInput, createGraph } from '../../graph/graph.js';
import type { Graph, Value } from '../../graph/graph.js';
import { lower } from '../../graph/lowering/lower.js';
import { encodeOnnx } from '../../graph/onnxProto.js';
import { matMul } from '../../graph/ops.js';
import { createSession } from '../../graph/session.js';
import type { GraphSession, HostTensor } from '../../graph/session.js';
import { addTransposed, multiplyRows, rowCount } from './featureMatrix.js';
import type { FeatureMatrix } from './featureMatrix.js';

export interface GemmMatrix extends FeatureMatrix {
  multiply(coefficients: Float64Array, outputs: number, scores: Float64Array): Promise<void>;
  multiplyTransposed(
    residuals: Float64Array,
    outputs: number,
    gradient: Float64Array,
  ): Promise<void>;
  /** Frees the runtime's memory; the rows are the caller's. */
  release(): Promise<void>;
}

type Floats = HostTensor & { readonly data: Float32Array };

/** Rows summed in float32. */
const block = 256;

interface Sessions {
  readonly multiply: GraphSession;
  readonly transposed: GraphSession;
  readonly coefficients: Floats;
  readonly scores: Floats;
  readonly residuals: Floats;
  readonly partial: Floats;
}

/** @param values [rows, columns] */
export function gemmMatrix(
  values: Float32Array,
  columns: number,
  { threads }: { readonly threads: number },
): GemmMatrix {
  const rows = rowCount(values, columns);
  const blocks = Math.floor(rows / block);
  const whole = blocks * block;
  /** Rows that fill no block. */
  const rest = { values, columns, from: whole, to: rows };
  const flat = { dtype: 'float32', data: values.subarray(0, whole * columns) } as const;
  const features = { ...flat, shape: [whole, columns] };
  const blocked = { ...flat, shape: [blocks, block, columns] };
  const open = new Map<number, Promise<Sessions>>();
  const sessionsFor = (outputs: number): Promise<Sessions> => {
    const known = open.get(outputs) ?? openSessions({ blocks, columns, outputs }, threads);
    open.set(outputs, known);
    return known;
  };
  return {
    rows,
    columns,
    async multiply(coefficients, outputs, scores) {
      if (blocks > 0) {
        const { multiply, coefficients: given, scores: made } = await sessionsFor(outputs);
        given.data.set(coefficients);
        await multiply.run({ features, coefficients: given }, { scores: made });
        scores.set(made.data);
      }
      multiplyRows(rest, coefficients, outputs, scores);
    },
    async multiplyTransposed(residuals, outputs, gradient) {
      gradient.fill(0);
      if (blocks > 0) {
        const { transposed, residuals: given, partial } = await sessionsFor(outputs);
        given.data.set(residuals.subarray(0, whole * outputs));
        await transposed.run({ features: blocked, residuals: given }, { partial });
        addPartial(partial.data, { blocks, columns, outputs }, gradient);
      }
      addTransposed(rest, residuals, outputs, gradient);
    },
    async release() {
      for (const sessions of open.values()) {
        const { multiply, transposed } = await sessions;
        await multiply.release();
        await transposed.release();
      }
      open.clear();
    },
  };
}

interface Sizes {
  readonly blocks: number;
  readonly columns: number;
  readonly outputs: number;
}

async function openSessions(
  { blocks, columns, outputs }: Sizes,
  threads: number,
): Promise<Sessions> {
  const whole = blocks * block;
  const session = (output: string, build: (graph: Graph) => Value): Promise<GraphSession> => {
    const graph = createGraph();
    const value = build(graph);
    const model = lower(graph, [{ name: output, value }], { lowering: 'cpu', marker: true });
    return createSession(encodeOnnx(model), { device: 'cpu', threads });
  };
  return {
    multiply: await session('scores', (graph) =>
      matMul(
        graph,
        addInput(graph, 'features', 'float32', [whole, columns]),
        addInput(graph, 'coefficients', 'float32', [columns, outputs]),
      ),
    ),
    // Residuals as the transposed factor: twice as fast as transposing the features.
    transposed: await session('partial', (graph) =>
      matMul(
        graph,
        addInput(graph, 'residuals', 'float32', [blocks, block, outputs]),
        addInput(graph, 'features', 'float32', [blocks, block, columns]),
        { transA: true },
      ),
    ),
    coefficients: tensor([columns, outputs]),
    scores: tensor([whole, outputs]),
    residuals: tensor([blocks, block, outputs]),
    partial: tensor([blocks, outputs, columns]),
  };
}

function tensor(shape: readonly number[]): Floats {
  const data = new Float32Array(shape.reduce((product, size) => product * size, 1));
  return { dtype: 'float32', data, shape };
}

/** Adds the blocks of `partial` [blocks, outputs, columns] to `gradient` [columns, outputs]. */
function addPartial(
  partial: Float32Array,
  { blocks, columns, outputs }: Sizes,
  gradient: Float64Array,
): void {
  for (let part = 0; part < blocks; part++) {
    for (let k = 0; k < outputs; k++) {
      const from = (part * outputs + k) * columns;
      for (let column = 0; column < columns; column++) {
        gradient[column * outputs + k]! += partial[from + column]!;
      }
    }
  }
}
