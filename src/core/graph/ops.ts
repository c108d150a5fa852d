/** One function per op: appends its node to the graph and returns its result. */
import { addNode, newValue } from './graph.js';
import type { Dimension, Graph, Value } from './graph.js';
import {
  broadcastShape,
  dimension,
  elementCount,
  matMulShape,
  reducedShape,
  sameShape,
  shapeText,
  staticDimension,
} from './shapes.js';
import type { Shape } from './shapes.js';

/** a + b, broadcast as NumPy does. */
export function add(graph: Graph, a: Value, b: Value): Value {
  return elementwise(graph, 'add', a, b);
}

/** a - b, broadcast as NumPy does. */
export function subtract(graph: Graph, a: Value, b: Value): Value {
  return elementwise(graph, 'subtract', a, b);
}

/** a * b, broadcast as NumPy does. */
export function multiply(graph: Graph, a: Value, b: Value): Value {
  return elementwise(graph, 'multiply', a, b);
}

/** a / b, broadcast as NumPy does. */
export function divide(graph: Graph, a: Value, b: Value): Value {
  return elementwise(graph, 'divide', a, b);
}

export function exponential(graph: Graph, x: Value): Value {
  const y = newValue(graph, 'exponential', 'float32', x.shape);
  addNode<'exponential'>(graph, { op: 'exponential', attributes: {}, inputs: [x], outputs: [y] });
  return y;
}

/** Over the last axis. */
export function softmax(graph: Graph, x: Value): Value {
  const y = newValue(graph, 'softmax', 'float32', x.shape);
  addNode<'softmax'>(graph, { op: 'softmax', attributes: {}, inputs: [x], outputs: [y] });
  return y;
}

/**
 * Over the last axis; `mean` and `inverseDeviation` keep it with size 1. A `beta` of `null` adds
 * nothing.
 */
export function layerNorm(
  graph: Graph,
  x: Value,
  gamma: Value,
  beta: Value | null,
  epsilon: number,
): { y: Value; mean: Value; inverseDeviation: Value } {
  expectShape('layerNorm', gamma, [dimension(x, -1)]);
  if (beta !== null) expectShape('layerNorm', beta, gamma.shape);
  const y = newValue(graph, 'layerNorm', 'float32', x.shape);
  const statistics = [...x.shape.slice(0, -1), 1];
  const mean = newValue(graph, 'layerNorm', 'float32', statistics);
  const inverseDeviation = newValue(graph, 'layerNorm', 'float32', statistics);
  addNode<'layerNorm'>(graph, {
    op: 'layerNorm',
    attributes: { epsilon },
    inputs: beta === null ? [x, gamma] : [x, gamma, beta],
    outputs: [y, mean, inverseDeviation],
  });
  return { y, mean, inverseDeviation };
}

/** x [..., in] times the transpose of weight [out, in], plus bias [out], if there is one. */
export function linear(graph: Graph, x: Value, weight: Value, bias: Value | null): Value {
  expectShape('linear', weight, [dimension(weight, 0), dimension(x, -1)]);
  if (bias !== null) expectShape('linear', bias, [dimension(weight, 0)]);
  const y = newValue(graph, 'linear', 'float32', [...x.shape.slice(0, -1), dimension(weight, 0)]);
  addNode<'linear'>(graph, {
    op: 'linear',
    attributes: {},
    inputs: bias === null ? [x, weight] : [x, weight, bias],
    outputs: [y],
  });
  return y;
}

export interface MatMulOptions {
  readonly transA?: boolean;
  readonly transB?: boolean;
  readonly alpha?: number;
}

/** alpha * a b, each optionally transposed in its last two axes; leading axes must agree. */
export function matMul(graph: Graph, a: Value, b: Value, options: MatMulOptions = {}): Value {
  const { transA = false, transB = false, alpha = 1 } = options;
  const y = newValue(graph, 'matMul', 'float32', matMulShape(a.shape, b.shape, transA, transB));
  addNode<'matMul'>(graph, {
    op: 'matMul',
    attributes: { transA, transB, alpha },
    inputs: [a, b],
    outputs: [y],
  });
  return y;
}

/** alpha * a b + c for matrices, with the addition fused into the product; c broadcasts. */
export function matMulAdd(
  graph: Graph,
  a: Value,
  b: Value,
  c: Value,
  options: MatMulOptions = {},
): Value {
  const { transA = false, transB = false, alpha = 1 } = options;
  const y = newValue(graph, 'matMulAdd', 'float32', matMulShape(a.shape, b.shape, transA, transB));
  addNode<'matMulAdd'>(graph, {
    op: 'matMulAdd',
    attributes: { transA, transB, alpha },
    inputs: [a, b, c],
    outputs: [y],
  });
  return y;
}

/**
 * Attention of every head: softmax(scale * query key' + bias) value over [batch, heads, sequence,
 * width]. `dropout` [batch, heads, sequence, sequence] multiplies the probabilities.
 */
export function attention(
  graph: Graph,
  heads: { query: Value; key: Value; value: Value },
  bias: Value,
  dropout: Value | null,
  scale: number,
): Value {
  const { query, key, value } = heads;
  const scores = matMulShape(query.shape, key.shape, false, true);
  if (dropout !== null) expectShape('attention', dropout, scores);
  const context = newValue(graph, 'attention', 'float32', query.shape);
  const probabilities = newValue(graph, 'attention', 'float32', scores);
  const kept = dropout === null ? probabilities : newValue(graph, 'attention', 'float32', scores);
  addNode<'attention'>(graph, {
    op: 'attention',
    attributes: { scale },
    inputs: dropout === null ? [query, key, value, bias] : [query, key, value, bias, dropout],
    outputs: [context, probabilities, kept],
  });
  return context;
}

export function reshape(graph: Graph, x: Value, shape: Shape): Value {
  if (sameShape(x.shape, shape)) return x;
  const y = newValue(graph, 'reshape', x.dtype, shape);
  const isStatic = [...x.shape, ...shape].every((size) => typeof size === 'number');
  if (isStatic && elementCount(x) !== elementCount(y)) {
    throw new Error(`reshape: ${shapeText(x.shape)} does not fit into ${shapeText(shape)}`);
  }
  addNode<'reshape'>(graph, { op: 'reshape', attributes: {}, inputs: [x], outputs: [y] });
  return y;
}

export function transpose(graph: Graph, x: Value, permutation: readonly number[]): Value {
  const shape = permutation.map((axis) => dimension(x, axis));
  const y = newValue(graph, 'transpose', x.dtype, shape);
  addNode<'transpose'>(graph, {
    op: 'transpose',
    attributes: { permutation },
    inputs: [x],
    outputs: [y],
  });
  return y;
}

/** Along the first axis. */
export function concat(graph: Graph, parts: readonly Value[]): Value {
  const [first, ...others] = parts;
  if (first === undefined) throw new Error('concat: nothing to join');
  if (others.length === 0) return first;
  const height = parts.reduce((sum, part) => sum + staticDimension(part, 0), 0);
  const y = newValue(graph, 'concat', first.dtype, [height, ...first.shape.slice(1)]);
  addNode<'concat'>(graph, { op: 'concat', attributes: {}, inputs: [...parts], outputs: [y] });
  return y;
}

export function reduceSum(
  graph: Graph,
  x: Value,
  axes: readonly number[],
  keepDimensions: boolean,
): Value {
  const shape = reducedShape(x.shape, axes, keepDimensions);
  const y = newValue(graph, 'reduceSum', 'float32', shape);
  addNode<'reduceSum'>(graph, {
    op: 'reduceSum',
    attributes: { axes, keepDimensions },
    inputs: [x],
    outputs: [y],
  });
  return y;
}

/** Rows of table [height, width] at rows [...]: [..., width]. */
export function gatherRows(graph: Graph, table: Value, rows: Value): Value {
  const y = newValue(graph, 'gatherRows', table.dtype, [...rows.shape, ...table.shape.slice(1)]);
  addNode<'gatherRows'>(graph, {
    op: 'gatherRows',
    attributes: {},
    inputs: [table, rows],
    outputs: [y],
  });
  return y;
}

/** Zeros [height, width] with updates[i] added to row rows[i]; rows may repeat. */
export function scatterAddRows(graph: Graph, updates: Value, rows: Value, height: number): Value {
  const y = newValue(graph, 'scatterAddRows', 'float32', [height, dimension(updates, 1)]);
  addNode<'scatterAddRows'>(graph, {
    op: 'scatterAddRows',
    attributes: { height },
    inputs: [updates, rows],
    outputs: [y],
  });
  return y;
}

/** base [height, width] with updates[i] added to row rows[i]; rows may repeat. */
export function addRows(graph: Graph, base: Value, updates: Value, rows: Value): Value {
  expectShape('addRows', updates, [dimension(rows, 0), dimension(base, 1)]);
  const y = newValue(graph, 'addRows', 'float32', base.shape);
  addNode<'addRows'>(graph, {
    op: 'addRows',
    attributes: {},
    inputs: [base, updates, rows],
    outputs: [y],
  });
  return y;
}

export function expectShape(op: string, value: Value, shape: Shape): void {
  if (!sameShape(value.shape, shape)) {
    throw new Error(
      `${op}: ${value.name} is ${shapeText(value.shape)} and should be ${shapeText(shape)}`,
    );
  }
}

type Elementwise = 'add' | 'subtract' | 'multiply' | 'divide';

function elementwise(graph: Graph, op: Elementwise, a: Value, b: Value): Value {
  const shape: Dimension[] = broadcastShape(op, a.shape, b.shape);
  const y = newValue(graph, op, 'float32', shape);
  addNode<typeof op>(graph, { op, attributes: {}, inputs: [a, b], outputs: [y] });
  return y;
}
