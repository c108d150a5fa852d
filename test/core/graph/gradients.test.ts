/**
 * Every op's gradient against finite differences along random directions: for L = sum(c * op(x)),
 * the slope of L along d must be the dot product of its gradient with d.
 */
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/core/base/random.js';
import type { Random } from '../../../src/core/base/random.js';
import { accumulate } from '../../../src/core/graph/accumulate.js';
import * as activations from '../../../src/core/graph/activationOps.js';
import { backward } from '../../../src/core/graph/backward.js';
import { constant } from '../../../src/core/graph/constant.js';
import { rotate } from '../../../src/core/graph/attentionOps.js';
import { decoderLoss } from '../../../src/core/graph/decoderOps.js';
import { addInput, addNode, createGraph, newValue } from '../../../src/core/graph/graph.js';
import type { Graph, Lowering, TensorData, Value } from '../../../src/core/graph/graph.js';
import { gradientRules } from '../../../src/core/graph/gradients/registry.js';
import { biasFromMask } from '../../../src/core/graph/maskOps.js';
import { relativeBias } from '../../../src/core/graph/relativeOps.js';
import * as rows from '../../../src/core/graph/rowOps.js';
import * as ops from '../../../src/core/graph/ops.js';
import { pad, slice } from '../../../src/core/graph/sliceOps.js';
import { elementCount, staticDimension } from '../../../src/core/graph/shapes.js';
import { compile } from './evaluate.js';

interface Case {
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

const cases: readonly Case[] = [
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

describe('gradients', () => {
  for (const lowering of ['cpu', 'webgpu'] as const) {
    it.each(cases)(`agree with finite differences: $name (${lowering})`, async (one) => {
      await checkGradient(one, lowering);
    });
  }

  it('are proven for every op that has a rule', () => {
    const ruled = Object.entries(gradientRules)
      .filter(([, rule]) => rule !== 'noGradient')
      .map(([op]) => op);
    const covered = new Set(cases.flatMap((one) => one.covers));
    expect(ruled.filter((op) => !covered.has(op))).toEqual([]);
  });

  it('name the op that has no rule', () => {
    const graph = createGraph();
    const x = addInput(graph, 'x', 'float32', [1]);
    const y = newValue(graph, 'geluGradient', 'float32', [1]);
    addNode<'geluGradient'>(graph, {
      op: 'geluGradient',
      attributes: {},
      inputs: [x, x],
      outputs: [y],
    });
    expect(() => backward(graph, y, [x])).toThrow('no gradient rule for the op "geluGradient"');
  });

  it('stop at an op that declares to have none', () => {
    const graph = createGraph();
    const mask = addInput(graph, 'mask', 'float32', [2, 3]);
    const y = ops.reshape(graph, biasFromMask(graph, mask), [6]);
    const loss = ops.reduceSum(graph, y, [0], true);
    expect(backward(graph, loss, [mask]).get(mask)).toEqual([]);
  });
});

async function checkGradient(one: Case, lowering: Lowering): Promise<void> {
  const random = createRandom(7, one.name);
  const graph = createGraph();
  const inputs = one.shapes.map((shape, i) => addInput(graph, `x${i}`, 'float32', shape));
  const data: Record<string, Value> = {};
  const feeds: Record<string, TensorData> = {};
  for (const [name, numbers] of Object.entries(one.data ?? {})) {
    const isIndex = name === 'rows' || name === 'labels';
    data[name] = addInput(graph, name, isIndex ? 'int32' : 'float32', [numbers.length]);
    feeds[name] = isIndex ? Int32Array.from(numbers) : Float32Array.from(numbers);
  }
  const y = one.build(graph, inputs, data);
  const weights = addInput(graph, 'c', 'float32', y.shape);
  const product = ops.multiply(graph, y, weights);
  const flat = ops.reshape(graph, product, [elementCount(product)]);
  const loss = ops.reduceSum(graph, flat, [0], true);
  const gradients = [...backward(graph, loss, inputs)].map(([input, parts]) => {
    expect(parts.length, `${input.name} has a gradient`).toBeGreaterThan(0);
    return parts
      .map((part) =>
        part.kind === 'dense'
          ? part.value
          : ops.reshape(
              graph,
              ops.scatterAddRows(graph, part.updates, part.rows, staticDimension(input, 0)),
              input.shape,
            ),
      )
      .reduce((sum, part) => accumulate(graph, sum, part));
  });

  feeds['c'] = normals(random, elementCount(y));
  for (const input of inputs) feeds[input.name] = normals(random, elementCount(input));
  // The values that differences are taken of, so that their sum is taken in float64 here.
  const outputs = [y, ...gradients];
  const compiled = await compile(graph, outputs, { lowering });
  try {
    const [, ...computed] = await compiled.run(feeds);
    for (const [i, input] of inputs.entries()) {
      const direction = normals(random, elementCount(input));
      const step = 1e-2;
      const lossAt = async (scale: number): Promise<number> => {
        const base = feeds[input.name] as Float32Array;
        const moved = base.map((value, j) => value + scale * step * direction[j]!);
        const [values] = await compiled.run({ ...feeds, [input.name]: moved });
        return dot(values!, feeds['c'] as Float32Array);
      };
      // Five points: the error is of fourth order in the step.
      const [b2, b1, f1, f2] = [
        await lossAt(-2),
        await lossAt(-1),
        await lossAt(1),
        await lossAt(2),
      ];
      const slope = (b2 - 8 * b1 + 8 * f1 - f2) / (12 * step);
      const expected = dot(computed[i]!, direction);
      const scale = Math.max(1, norm(computed[i]!));
      expect(Number.isFinite(expected)).toBe(true);
      expect(norm(computed[i]!), `${input.name} moves the loss`).toBeGreaterThan(1e-3);
      expect(Math.abs(slope - expected) / scale, `by ${input.name}`).toBeLessThan(1e-3);
    }
  } finally {
    await compiled.release();
  }
}

function unary(op: string, build: (graph: Graph, x: Value) => Value): Case {
  return {
    name: op,
    covers: [op],
    shapes: [[3, 4]],
    build: (graph, inputs) => build(graph, at(inputs, 0)),
  };
}

function binary(op: string, build: (graph: Graph, a: Value, b: Value) => Value): Case {
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

function product(batch: readonly number[], transA: boolean, transB: boolean): Case {
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

function relative(name: string, bucketOf: readonly number[]): Case {
  return {
    name,
    covers: ['relativeBias'],
    shapes: [[6, 3]],
    data: { mask: [0, 0, 0, -1e4, -1e4, 0, 0, 0, 0, 0] },
    build: (graph, inputs, { mask }) =>
      relativeBias(graph, at(inputs, 0), ops.reshape(graph, mask!, [2, 1, 1, 5]), bucketOf),
  };
}

function decoder(name: string, limit: number): Case {
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

function normals(random: Random, count: number): Float32Array {
  return Float32Array.from({ length: count }, () => random.normal());
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}

function norm(a: Float32Array): number {
  return Math.sqrt(dot(a, a));
}
