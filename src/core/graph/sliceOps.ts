/** Ops that cut a value along an axis, or put it back in its place. */
import { addNode, newValue } from './graph.js';
import type { Graph, RowRange, Value } from './graph.js';
import { staticDimension } from './shapes.js';

/** The rows [start, end) of the first axis. */
export function sliceRows(graph: Graph, x: Value, range: RowRange): Value {
  return slice(graph, x, 0, range);
}

/** The places [start, end) along an axis, which has a fixed size. */
export function slice(graph: Graph, x: Value, axis: number, { start, end }: RowRange): Value {
  const size = staticDimension(x, axis);
  if (start === 0 && end === size) return x;
  if (start < 0 || end > size) throw new RangeError(`slice: ${start} to ${end} of ${size}`);
  const y = newValue(graph, 'slice', x.dtype, x.shape.with(axis, end - start));
  addNode<'slice'>(graph, {
    op: 'slice',
    attributes: { axis, start, end },
    inputs: [x],
    outputs: [y],
  });
  return y;
}

/** Equal parts of the last axis, in order. */
export function chunk(graph: Graph, x: Value, count: number): Value[] {
  const axis = x.shape.length - 1;
  const size = staticDimension(x, axis) / count;
  if (!Number.isInteger(size)) throw new RangeError(`chunk: ${count} parts of ${size * count}`);
  return Array.from({ length: count }, (_, i) =>
    slice(graph, x, axis, { start: i * size, end: (i + 1) * size }),
  );
}

/** x with zeros before and after it along an axis: the gradient of `slice`. */
export function pad(graph: Graph, x: Value, axis: number, before: number, after: number): Value {
  if (before === 0 && after === 0) return x;
  const shape = x.shape.with(axis, staticDimension(x, axis) + before + after);
  const y = newValue(graph, 'pad', 'float32', shape);
  addNode<'pad'>(graph, {
    op: 'pad',
    attributes: { axis, before, after },
    inputs: [x],
    outputs: [y],
  });
  return y;
}
