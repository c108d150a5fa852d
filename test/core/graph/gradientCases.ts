/** A graph for every op with a gradient; `gradients.test.ts` compares each with finite differences. */
import * as activations from '../../../src/core/graph/activationOps.js';
import { rotate } from '../../../src/core/graph/attentionOps.js';
import { constant } from '../../../src/core/graph/constant.js';
import { decoderLoss } from '../../../src/core/graph/decoderOps.js';
import type { Graph, Value } from '../../../src/core/graph/graph.js';
import * as ops from '../../../src/core/graph/ops.js';
import { relativeBias } from '../../../src/core/graph/relativeOps.js';
import * as rows from '../../../src/core/graph/rowOps.js';
import { pad, slice } from '../../../src/core/graph/sliceOps.js';

export interface GradientCase {
  readonly name: string;
  /** Ops that the case proves. */
  readonly covers: readonly string[];
  /** Shapes of the inputs to differentiate by. */
  readonly shapes: readonly (readonly number[])[];
  /** Inputs that are data. */
  readonly data?: Readonly<Record<string, readonly number[]>>;
  readonly build: (
    graph: Graph,
    inputs: readonly Value[],
    data: Readonly<Record<string, Value>>,
  ) => Value;
}

const at = (values: readonly Value[], i: number): Value => values[i]!;

export const gradientCases: readonly GradientCase[] = [
  binary('add', ops.add),
  binary('subtract', ops.subtract),
  binary('multiply', ops.multiply),
  {
    name: 'divide, broadcast both ways',
    covers: ['divide'],
    shapes: [
      [3, 1, 4],
      [5, 1],
    ],
    // A divisor that stays away from 0.
    build: (graph, inputs) =>
      ops.divide(
        graph,
        at(inputs, 0),
        ops.add(graph, ops.exponential(graph, at(inputs, 1)), constant(graph, 1)),
      ),
  },
  unary('exponential', (graph, x) => ops.exponential(graph, x)),
  unary('softmax', (graph, x) => ops.softmax(graph, x)),
  unary('logSumExp', rows.logSumExp),
  unary('l2Normalise', rows.l2Normalise),
  ...(['gelu', 'geluTanh', 'silu'] as const).map((op) => unary(op, activations[op])),
  {
    name: 'relu',
    covers: ['relu'],
    shapes: [[3, 4]],
    // Shifted off the kink at 0, where there is no slope.
    data: { shift: [5, -5, 5, 5, -5, 5, -5, -5, 5, -5, 5, 5] },
    build: (graph, inputs, { shift }) =>
      activations.relu(graph, ops.add(graph, at(inputs, 0), ops.reshape(graph, shift!, [3, 4]))),
  },
  unary('reshape', (graph, x) => ops.reshape(graph, x, [4, 3])),
  unary('transpose', (graph, x) => ops.transpose(graph, x, [1, 0])),
  unary('reduceSum', (graph, x) => ops.reduceSum(graph, x, [0], false)),
  {
    name: 'transpose of four axes',
    covers: ['transpose'],
    shapes: [[2, 3, 4, 5]],
    build: (graph, inputs) => ops.transpose(graph, at(inputs, 0), [1, 3, 0, 2]),
  },
  {
    name: 'concat',
    covers: ['concat'],
    shapes: [
      [2, 3],
      [4, 3],
    ],
    build: (graph, inputs) => ops.concat(graph, inputs),
  },
  {
    name: 'layerNorm',
    covers: ['layerNorm'],
    shapes: [[5, 7], [7], [7]],
    build: (graph, inputs) =>
      ops.layerNorm(graph, at(inputs, 0), at(inputs, 1), at(inputs, 2), 1e-5).y,
  },
  {
    name: 'linear',
    covers: ['linear'],
    shapes: [[5, 3], [4, 3], [4]],
    build: (graph, inputs) => ops.linear(graph, at(inputs, 0), at(inputs, 1), at(inputs, 2)),
  },
  {
    name: 'layerNorm without beta',
    covers: ['layerNorm'],
    shapes: [[5, 7], [7]],
    build: (graph, inputs) => ops.layerNorm(graph, at(inputs, 0), at(inputs, 1), null, 1e-5).y,
  },
  {
    name: 'linear without bias',
    covers: ['linear'],
    shapes: [
      [5, 3],
      [4, 3],
    ],
    build: (graph, inputs) => ops.linear(graph, at(inputs, 0), at(inputs, 1), null),
  },
  {
    name: 'slice, the first and the last part',
    covers: ['slice'],
    shapes: [[3, 7]],
    build: (graph, inputs) => {
      const part = (start: number, end: number): Value =>
        slice(graph, at(inputs, 0), 1, { start, end });
      return ops.multiply(graph, part(0, 3), part(4, 7));
    },
  },
  {
    name: 'pad',
    covers: ['pad'],
    shapes: [[2, 3, 4]],
    build: (graph, inputs) => pad(graph, at(inputs, 0), 1, 2, 1),
  },
  ...[false, true].map((inverse) => ({
    name: inverse ? 'rotate back' : 'rotate',
    covers: ['rotate'],
    shapes: [[1, 2, 3, 4]],
    data: { cosine: [0.5, 1, 0.1, -0.4, 0.9, 0.7], sine: [0.8, 0, -0.9, 0.9, 0.4, 0.7] },
    build: (graph: Graph, inputs: readonly Value[], angles: Readonly<Record<string, Value>>) => {
      const [cosine, sine] = [angles['cosine']!, angles['sine']!].map((angle) =>
        ops.reshape(graph, angle, [1, 1, 3, 2]),
      );
      return rotate(graph, at(inputs, 0), cosine!, sine!, inverse);
    },
  })),
  ...[false, true].flatMap((transA) =>
    [false, true].flatMap((transB) => [
      product([], transA, transB),
      product([2, 3], transA, transB),
    ]),
  ),
  {
    name: 'matMulAdd',
    covers: ['matMulAdd'],
    shapes: [
      [4, 3],
      [5, 3],
      [4, 5],
    ],
    build: (graph, inputs) =>
      ops.matMulAdd(graph, at(inputs, 0), at(inputs, 1), at(inputs, 2), {
        transB: true,
        alpha: 0.6,
      }),
  },
  {
    name: 'gatherRows of repeated rows, densified',
    covers: ['gatherRows'],
    shapes: [[4, 3]],
    data: { rows: [1, 1, 3, 1, 0, 3] },
    // The product makes the table an inner value, whose gradient must be dense.
    build: (graph, inputs, { rows }) =>
      ops.gatherRows(graph, ops.multiply(graph, at(inputs, 0), at(inputs, 0)), rows!),
  },
  {
    name: 'scatterAddRows of repeated rows',
    covers: ['scatterAddRows'],
    shapes: [[6, 3]],
    data: { rows: [1, 1, 3, 1, 0, 3] },
    build: (graph, inputs, { rows }) => ops.scatterAddRows(graph, at(inputs, 0), rows!, 4),
  },
  {
    name: 'attention',
    covers: ['attention'],
    shapes: Array.from({ length: 3 }, () => [2, 2, 4, 3]),
    data: { bias: [0, 0, 0, -1e4, 0, 0, 0, 0] },
    build: (graph, inputs, { bias }) =>
      ops.attention(graph, heads(inputs), ops.reshape(graph, bias!, [2, 1, 1, 4]), null, 0.7),
  },
  {
    name: 'attention with dropout',
    covers: ['attention'],
    shapes: Array.from({ length: 3 }, () => [1, 2, 4, 3]),
    data: {
      bias: [0, 0, 0, -1e4],
      dropout: Array.from({ length: 32 }, (_, i) => (i % 5 === 0 ? 0 : 1.25)),
    },
    build: (graph, inputs, { bias, dropout }) =>
      ops.attention(
        graph,
        heads(inputs),
        ops.reshape(graph, bias!, [1, 1, 1, 4]),
        ops.reshape(graph, dropout!, [1, 2, 4, 4]),
        0.7,
      ),
  },
  {
    name: 'attention by a bias of each head, shared by the batch',
    covers: ['attention'],
    shapes: [...Array.from({ length: 3 }, () => [2, 2, 4, 3]), [1, 2, 4, 4]],
    data: { mask: [0, 0, 0, -1e4, 0, 0, 0, 0] },
    build: (graph, inputs, { mask }) => {
      const bias = ops.add(graph, ops.reshape(graph, mask!, [2, 1, 1, 4]), at(inputs, 3));
      return ops.attention(graph, heads(inputs), bias, null, 0.7);
    },
  },
  relative('relativeBias beyond the farthest distance', [4, 3, 0, 1, 2]),
  relative('relativeBias within it', [5, 5, 4, 4, 3, 3, 0, 1, 1, 2, 2, 2, 2]),
  decoder('decoderLoss in one chunk', 1000),
  decoder('decoderLoss in chunks of two rows', 14),
];

function unary(op: string, build: (graph: Graph, x: Value) => Value): GradientCase {
  return {
    name: op,
    covers: [op],
    shapes: [[3, 4]],
    build: (graph, inputs) => build(graph, at(inputs, 0)),
  };
}

function binary(op: string, build: (graph: Graph, a: Value, b: Value) => Value): GradientCase {
  return {
    name: `${op}, broadcast both ways`,
    covers: [op],
    shapes: [
      [3, 1, 4],
      [5, 1],
    ],
    build: (graph, inputs) => build(graph, at(inputs, 0), at(inputs, 1)),
  };
}

function product(batch: readonly number[], transA: boolean, transB: boolean): GradientCase {
  return {
    name: `matMul [${batch.join()}]${transA ? ' transA' : ''}${transB ? ' transB' : ''}`,
    covers: ['matMul'],
    shapes: [
      [...batch, ...(transA ? [3, 4] : [4, 3])],
      [...batch, ...(transB ? [5, 3] : [3, 5])],
    ],
    build: (graph, inputs) =>
      ops.matMul(graph, at(inputs, 0), at(inputs, 1), { transA, transB, alpha: 0.6 }),
  };
}

function relative(name: string, bucketOf: readonly number[]): GradientCase {
  return {
    name,
    covers: ['relativeBias'],
    shapes: [[6, 3]],
    data: { mask: [0, 0, 0, -1e4, -1e4, 0, 0, 0, 0, 0] },
    build: (graph, inputs, { mask }) =>
      relativeBias(graph, at(inputs, 0), ops.reshape(graph, mask!, [2, 1, 1, 5]), bucketOf),
  };
}

function decoder(name: string, limit: number): GradientCase {
  return {
    name,
    covers: ['decoderLoss'],
    shapes: [[5, 3], [7, 3], [7]],
    data: { labels: [2, 2, 6, 2, 0], weights: [0.5, 1, 0.3, 0.7, 0] },
    build: (graph, inputs, { labels, weights }) =>
      decoderLoss(
        graph,
        {
          hidden: at(inputs, 0),
          weight: at(inputs, 1),
          bias: at(inputs, 2),
          labels: labels!,
          weights: weights!,
        },
        limit,
      ),
  };
}

function heads(inputs: readonly Value[]) {
  return { query: at(inputs, 0), key: at(inputs, 1), value: at(inputs, 2) };
}
