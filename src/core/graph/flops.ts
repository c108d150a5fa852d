/** Floating-point operations of a graph's matrix products; everything else is small beside them. */
import type { Graph, GraphNode } from './graph.js';
import { elementCount, staticDimension } from './shapes.js';

/** @param nodes those that are run, where not all of the graph's are */
export function matrixFlops(graph: Graph, nodes: readonly GraphNode[] = graph.nodes): number {
  return nodes.reduce((sum, node) => sum + nodeFlops(node), 0);
}

/** Those of them that multiply every token of a row with every other. */
export function attentionFlops(graph: Graph): number {
  return matrixFlops(
    graph,
    graph.nodes.filter(({ op }) => op === 'attention'),
  );
}

function nodeFlops(node: GraphNode): number {
  switch (node.op) {
    case 'linear':
      return 2 * elementCount(node.outputs[0]) * staticDimension(node.inputs[0], -1);
    case 'matMul':
    case 'matMulAdd': {
      const inner = staticDimension(node.inputs[0], node.attributes.transA ? -2 : -1);
      return 2 * elementCount(node.outputs[0]) * inner;
    }
    case 'attention':
      // Scores and context.
      return 4 * elementCount(node.outputs[1]) * staticDimension(node.inputs[0], -1);
    case 'decoderLoss':
    case 'decoderCorrect':
      return 2 * elementCount(node.inputs[0]) * staticDimension(node.inputs[1], 0);
    default:
      return 0;
  }
}
