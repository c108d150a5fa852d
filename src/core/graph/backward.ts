/** Reverse-mode differentiation: appends the nodes that compute gradients to the graph. */
import { accumulate, isProduct } from './accumulate.js';
import { constant } from './constant.js';
import { inputsOf, outputsOf } from './graph.js';
import type { Graph, GraphNode, Value } from './graph.js';
import { applyGradientRule } from './gradients/registry.js';
import type { Contribution } from './gradients/rule.js';
import { reduceSum, reshape, scatterAddRows } from './ops.js';
import { broadcastAxes, staticDimension } from './shapes.js';

/**
 * The contributions to the gradient of `loss` [1] for each of `parameters`, in a form that is cheap
 * to accumulate. Empty for a parameter that the loss does not depend on.
 */
export function backward(
  graph: Graph,
  loss: Value,
  parameters: readonly Value[],
): Map<Value, readonly Contribution[]> {
  const nodes = [...graph.nodes];
  const relevant = dependents(nodes, parameters);
  const contributions = new Map<Value, Contribution[]>();
  if (relevant.has(loss)) {
    contributions.set(loss, [{ kind: 'dense', value: constant(graph, 1) }]);
  }
  for (const node of nodes.reverse()) {
    const [output, ...kept] = outputsOf(node);
    if (output === undefined) continue;
    if (kept.some((value) => contributions.has(value))) {
      throw new Error(`only the first output of "${node.op}" can be differentiated`);
    }
    const received = contributions.get(output);
    if (received === undefined) continue;
    const inputs = inputsOf(node);
    // A parameter that a node makes, out of a larger tensor.
    if (!inputs.some((input) => relevant.has(input))) continue;
    const dy = total(graph, received, output);
    applyGradientRule(graph, node, dy).forEach((parts, i) => {
      const input = inputs[i];
      if (input === undefined || !relevant.has(input) || parts.length === 0) return;
      const undone = parts.map((part) => unbroadcast(graph, part, input));
      contributions.set(input, [...(contributions.get(input) ?? []), ...undone]);
    });
  }
  return new Map(parameters.map((parameter) => [parameter, contributions.get(parameter) ?? []]));
}

/** Values that depend on any of `sources`, including the sources themselves. */
function dependents(nodes: readonly GraphNode[], sources: readonly Value[]): Set<Value> {
  const found = new Set<Value>(sources);
  for (const node of nodes) {
    if (inputsOf(node).some((value) => found.has(value))) {
      for (const output of outputsOf(node)) found.add(output);
    }
  }
  return found;
}

function total(graph: Graph, contributions: readonly Contribution[], value: Value): Value {
  const sum = contributions
    .map((part) =>
      part.kind === 'dense'
        ? part.value
        : scatterAddRows(graph, part.updates, part.rows, staticDimension(value, 0)),
    )
    // Products last, so that each can be fused with the sum so far.
    .sort((a, b) => Number(isProduct(graph, a)) - Number(isProduct(graph, b)))
    .reduce((accumulator, part) => accumulate(graph, accumulator, part));
  return reshape(graph, sum, value.shape);
}

function unbroadcast(graph: Graph, part: Contribution, input: Value): Contribution {
  if (part.kind === 'rows') return part;
  const axes = broadcastAxes(input.shape, part.value.shape);
  const value = axes.length === 0 ? part.value : reduceSum(graph, part.value, axes, false);
  return { kind: 'dense', value: reshape(graph, value, input.shape) };
}
