/** Ops of attention beyond `attention` itself: rotary positions, limited spans and query tiles. */
import { addNode, newValue } from './graph.js';
import type { Graph, QueryTiles, Value } from './graph.js';
import { expectShape } from './ops.js';
import { dimension, staticDimension } from './shapes.js';

/**
 * Rotary positions (Su et al., "RoFormer", 2021) in Hugging Face's order of axes: place i of the
 * first half of x's last axis and place i of the second half are the coordinates of a point, which
 * is turned by the angle i of its token.
 *
 * @param x [batch, heads, sequence, width]
 * @param cosine of the angles, [batch, 1, sequence, width / 2]
 * @param inverse turns back
 */
export function rotate(graph: Graph, x: Value, cosine: Value, sine: Value, inverse = false): Value {
  const [batch, , sequence] = x.shape;
  const angles = [batch!, 1, sequence!, staticDimension(x, -1) / 2];
  expectShape('rotate', cosine, angles);
  expectShape('rotate', sine, angles);
  const y = newValue(graph, 'rotate', 'float32', x.shape);
  addNode<'rotate'>(graph, {
    op: 'rotate',
    attributes: { inverse },
    inputs: [x, cosine, sine],
    outputs: [y],
  });
  return y;
}

/**
 * Bias of attention within `span` tokens on each side, [1, 1, sequence, sequence]: 0, or -1e4
 * beyond. Places in a row stand for positions, also where several sequences share the row: the
 * tokens of a sequence are adjacent, and the attention bias masks other sequences.
 */
export function distanceBias(graph: Graph, sequence: number, span: number): Value {
  const bias = newValue(graph, 'distanceBias', 'float32', [1, 1, sequence, sequence]);
  addNode<'distanceBias'>(graph, {
    op: 'distanceBias',
    attributes: { span, sequence },
    inputs: [],
    outputs: [bias],
  });
  return bias;
}

/**
 * For each tile of queries, the bias of the keys up to `span` places before and after the tile:
 * `bias` [batch, 1, 1, sequence], and -1e4 where positions [batch, sequence] are more than `span`
 * apart. [batch, 1, queries, keys], with places that `tiledAttention` adds for itself.
 */
export function tileBiases(
  graph: Graph,
  positions: Value,
  bias: Value,
  { size, count }: QueryTiles,
  span: number,
): Value[] {
  const outputs = Array.from({ length: count }, (_, i) =>
    newValue(graph, 'tileBiases', 'float32', [
      dimension(positions, 0),
      1,
      `queries${i}of${size}`,
      `keys${i}of${size}`,
    ]),
  );
  addNode<'tileBiases'>(graph, {
    op: 'tileBiases',
    attributes: { size, count, span },
    inputs: [positions, bias],
    outputs,
  });
  return outputs;
}

/**
 * `attention` without gradients, a tile of queries at a time, so that the scores of all pairs never
 * exist together: memory grows with the sequence, not with its square.
 *
 * @param heads [batch, heads, sequence, width] each
 * @param biases one [batch, 1, 1, sequence], or those of `tileBiases` if there is a span
 */
export function tiledAttention(
  graph: Graph,
  heads: { query: Value; key: Value; value: Value },
  biases: readonly Value[],
  scale: number,
  { size, count }: QueryTiles,
  span: number | null,
): Value {
  if (biases.length !== (span === null ? 1 : count)) {
    throw new RangeError(`tiledAttention: ${biases.length} biases for ${count} tiles`);
  }
  const { query, key, value } = heads;
  const context = newValue(graph, 'tiledAttention', 'float32', query.shape);
  addNode<'tiledAttention'>(graph, {
    op: 'tiledAttention',
    attributes: { size, count, scale, span },
    inputs: [query, key, value, ...biases],
    outputs: [context],
  });
  return context;
}
