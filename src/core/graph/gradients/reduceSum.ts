import { addInitializer } from '../graph.js';
import { multiply, reshape } from '../ops.js';
import { reducedShape, staticShape } from '../shapes.js';
import { dense } from './rule.js';
import type { GradientRule } from './rule.js';

/** dy repeated along the summed axes. */
export const reduceSumGradient: GradientRule<'reduceSum'> = (
  graph,
  { inputs: [x], attributes },
  dy,
) => {
  const shape = staticShape(x);
  const repeat = shape.map((size, axis) => (attributes.axes.includes(axis) ? size : 1));
  const count = repeat.reduce((product, size) => product * size, 1);
  const name = `ones_${repeat.join('_')}`;
  const ones =
    graph.initializers.get(name)?.value ??
    addInitializer(graph, name, 'float32', repeat, new Float32Array(count).fill(1));
  const kept = reshape(graph, dy, reducedShape(shape, attributes.axes, true));
  return [dense(multiply(graph, kept, ones))];
};
