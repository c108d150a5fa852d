import type { Graph, NodeOf, OperationName, Value } from '../graph.js';

/** Part of a value's gradient. `rows`: updates[i] is added to row rows[i]; rows may repeat. */
export type Contribution =
  | { readonly kind: 'dense'; readonly value: Value }
  | { readonly kind: 'rows'; readonly updates: Value; readonly rows: Value };

/**
 * The contribution to each input of a node, given the gradient of its first output; other outputs
 * exist only for use by the gradient. The backward loop undoes broadcasting, and unused nodes are
 * pruned when the graph is lowered.
 */
export type GradientRule<K extends OperationName> = (
  graph: Graph,
  node: NodeOf<K>,
  dy: Value,
) => readonly (readonly Contribution[])[];

/** Declares that an op has no gradient by design. */
export const noGradient = 'noGradient';

export function dense(value: Value): readonly Contribution[] {
  return [{ kind: 'dense', value }];
}

/** For an input that is not differentiated, such as labels or a mask. */
export const none: readonly Contribution[] = [];
