/** Floating-point operations of a graph's matrix products; all other ops are negligible. */
import type { GraphNode } from './graph.js';
import { elementCount, staticDimension } from './shapes.js';

export function matrixFlops(nodes: readonly GraphNode[]): number {
  return nodes.reduce((sum, node) => sum + nodeFlops(node), 0);
}

/** Operations of the attention products, which are quadratic in the sequence length. */
export function attentionFlops(nodes: readonly GraphNode[]): number {
  return matrixFlops(nodes.filter(({ op }) => op === 'attention'));
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
