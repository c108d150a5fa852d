/**
 * Cosines of all pairs of notes, a tile at a time, so that no more than a tile is ever in memory. Many notes are
 * multiplied by ONNX Runtime; few, and vectors in float64, by a plain loop.
 */
import { setImmediate } from 'node:timers/promises';
import { throwIfAborted } from '../../base/errors.js';
import { addInput, createGraph } from '../../graph/graph.js';
import { lower } from '../../graph/lowering/lower.js';
import { encodeOnnx } from '../../graph/onnxProto.js';
import { matMul } from '../../graph/ops.js';
import { createSession } from '../../graph/session.js';
import type { Space, Vectors } from './space.js';

export interface Tile {
  /** First query and number of queries. */
  readonly query: number;
  readonly queries: number;
  /** First row and number of rows. */
  readonly row: number;
  readonly rows: number;
  /** Cosine of query q and row r, both counted from the tile's first: `values[q * stride + offset + r]`. */
  readonly values: Vectors;
  readonly stride: number;
  readonly offset: number;
}

export interface TileOptions {
  readonly threads: number;
  readonly signal?: AbortSignal | undefined;
  readonly pauseGate?: (() => Promise<void>) | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

const queriesAtOnce = 256;
const rowsAtOnce = 4096;

/** Calls `visit` with tiles that cover every pair once: for each block of queries, all rows in ascending order. */
export async function visitTiles(
  { vectors, dimension, count }: Pick<Space, 'vectors' | 'dimension' | 'count'>,
  visit: (tile: Tile) => void,
  { threads, signal, pauseGate, onProgress }: TileOptions,
): Promise<void> {
  const multiply =
    vectors instanceof Float32Array && count >= rowsAtOnce
      ? await runtimeProducts(vectors, dimension, threads)
      : plainProducts(vectors, dimension);
  try {
    for (let query = 0; query < count; query += multiply.queries) {
      await pauseGate?.();
      throwIfAborted(signal);
      await setImmediate();
      const queries = Math.min(multiply.queries, count - query);
      for (let row = 0; row < count; row += multiply.rows) {
        const rows = Math.min(multiply.rows, count - row);
        // A full tile that ends with the last note stands for one that would be cut short.
        const fromQuery = multiply.isFixed ? Math.min(query, count - multiply.queries) : query;
        const fromRow = multiply.isFixed ? Math.min(row, count - multiply.rows) : row;
        const values = await multiply.run(fromQuery, queries, fromRow, rows);
        const stride = multiply.isFixed ? multiply.rows : rows;
        const offset = (query - fromQuery) * stride + (row - fromRow);
        visit({ query, queries, row, rows, values, stride, offset });
      }
      onProgress?.(query + queries, count);
    }
  } finally {
    await multiply.release();
  }
}

interface Products {
  readonly queries: number;
  readonly rows: number;
  /** Whether every tile has all its queries and rows. */
  readonly isFixed: boolean;
  run(query: number, queries: number, row: number, rows: number): Promise<Vectors>;
  release(): Promise<void>;
}

function plainProducts(vectors: Vectors, dimension: number): Products {
  const values = new Float64Array(queriesAtOnce * rowsAtOnce);
  return {
    queries: queriesAtOnce,
    rows: rowsAtOnce,
    isFixed: false,
    run(query, queries, row, rows) {
      for (let q = 0; q < queries; q++) {
        const a = (query + q) * dimension;
        for (let r = 0; r < rows; r++) {
          const b = (row + r) * dimension;
          let sum = 0;
          for (let i = 0; i < dimension; i++) sum += vectors[a + i]! * vectors[b + i]!;
          values[q * rows + r] = sum;
        }
      }
      return Promise.resolve(values);
    },
    release: () => Promise.resolve(),
  };
}

async function runtimeProducts(
  vectors: Float32Array,
  dimension: number,
  threads: number,
): Promise<Products> {
  const graph = createGraph();
  const product = matMul(
    graph,
    addInput(graph, 'queries', 'float32', [queriesAtOnce, dimension]),
    addInput(graph, 'rows', 'float32', [rowsAtOnce, dimension]),
    { transB: true },
  );
  const model = lower(graph, [{ name: 'products', value: product }], {
    lowering: 'cpu',
    marker: true,
  });
  const session = await createSession(encodeOnnx(model), { device: 'cpu', threads });
  const values = new Float32Array(queriesAtOnce * rowsAtOnce);
  const part = (from: number, notes: number) =>
    ({
      dtype: 'float32',
      data: vectors.subarray(from * dimension, (from + notes) * dimension),
      shape: [notes, dimension],
    }) as const;
  return {
    queries: queriesAtOnce,
    rows: rowsAtOnce,
    isFixed: true,
    async run(query, _queries, row) {
      await session.run(
        { queries: part(query, queriesAtOnce), rows: part(row, rowsAtOnce) },
        { products: { dtype: 'float32', data: values, shape: [queriesAtOnce, rowsAtOnce] } },
      );
      return values;
    },
    release: () => session.release(),
  };
}
