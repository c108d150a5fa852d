/** Activation functions, value by value, and their gradients. */
import { addNode, newValue } from './graph.js';
import type { Graph, Value } from './graph.js';
import { expectShape } from './ops.js';

/** Exact: x * (1 + erf(x / sqrt(2))) / 2. */
export function gelu(graph: Graph, x: Value): Value {
  return activation(graph, 'gelu', x);
}

/** Approximate: x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x^3))) / 2. */
export function geluTanh(graph: Graph, x: Value): Value {
  return activation(graph, 'geluTanh', x);
}

/** max(x, 0) */
export function relu(graph: Graph, x: Value): Value {
  return activation(graph, 'relu', x);
}

/** x / (1 + exp(-x)) */
export function silu(graph: Graph, x: Value): Value {
  return activation(graph, 'silu', x);
}

/** dy times the derivative of gelu at x. */
export function geluGradient(graph: Graph, x: Value, dy: Value): Value {
  return gradient(graph, 'geluGradient', x, dy);
}

/** dy times the derivative of geluTanh at x. */
export function geluTanhGradient(graph: Graph, x: Value, dy: Value): Value {
  return gradient(graph, 'geluTanhGradient', x, dy);
}

/** dy where x is positive, otherwise 0. */
export function reluGradient(graph: Graph, x: Value, dy: Value): Value {
  return gradient(graph, 'reluGradient', x, dy);
}

/** dy times the derivative of silu at x. */
export function siluGradient(graph: Graph, x: Value, dy: Value): Value {
  return gradient(graph, 'siluGradient', x, dy);
}

type Activation = 'gelu' | 'geluTanh' | 'relu' | 'silu';

function activation(graph: Graph, op: Activation, x: Value): Value {
  const y = newValue(graph, op, 'float32', x.shape);
  addNode<typeof op>(graph, { op, attributes: {}, inputs: [x], outputs: [y] });
  return y;
}

function gradient(graph: Graph, op: `${Activation}Gradient`, x: Value, dy: Value): Value {
  expectShape(op, dy, x.shape);
  const dx = newValue(graph, op, 'float32', x.shape);
  addNode<typeof op>(graph, { op, attributes: {}, inputs: [x, dy], outputs: [dx] });
  return dx;
}
