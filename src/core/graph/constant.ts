import { addInitializer } from './graph.js';
import type { Graph, Value } from './graph.js';

/** A float32 of shape [1]; equal numbers share one value. */
export function constant(graph: Graph, number: number): Value {
  const name = `constant_${number}`;
  const known = graph.initializers.get(name);
  if (known !== undefined) return known.value;
  return addInitializer(graph, name, 'float32', [1], Float32Array.of(number));
}
