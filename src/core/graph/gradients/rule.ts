import type { Graph, NodeOf, OperationName, Value } from '../graph.js';

/** Part of the gradient of a value. `rows`: updates[i] belongs to row rows[i]; rows may repeat. */
export type Contribution =
  | { readonly kind: 'dense'; readonly value: Value }
  | { readonly kind: 'rows'; readonly updates: Value; readonly rows: Value };

/**
 * What each input of a node contributes, given the gradient of its first output; further outputs
 * are only kept for the gradient. Broadcasting is undone by the backward loop, and what nobody asks
 * for is pruned before it is written out.
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

/** For an input that is data, such as labels or a mask. */
export const none: readonly Contribution[] = [];
