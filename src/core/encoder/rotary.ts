/** Rotary positions (Su et al., "RoFormer", 2021). */
import { rotate } from '../graph/attentionOps.js';
import { addInitializer } from '../graph/graph.js';
import type { Value } from '../graph/graph.js';
import { gatherRows, reshape } from '../graph/ops.js';
import type { Scope } from './scope.js';

/** By how much each token's queries and keys are turned: [batch, 1, sequence, width / 2] each. */
export interface Rotation {
  readonly cosine: Value;
  readonly sine: Value;
}

/**
 * @param positionIds positions within each sequence, in any shape of [batch, sequence]
 * @param theta position p turns pair i of a head's `width` by p / theta ^ (2 i / width)
 */
export function rotationOf(scope: Scope, positionIds: Value, theta: number): Rotation {
  const { graph, config, batch, sequence } = scope;
  const pairs = config.hiddenSize / config.attentionHeads / 2;
  // A row of a fixed length has no later positions.
  const longest = typeof sequence === 'number' ? sequence : config.maxPositionEmbeddings;
  const angles = anglesOf(theta, longest, pairs);
  const lookUp = (name: string, of: (angle: number) => number): Value => {
    const table = `rotary.${theta}.${longest}.${name}`;
    const known = graph.initializers.get(table)?.value;
    const rows = known ?? addInitializer(graph, table, 'float32', [longest, pairs], angles.map(of));
    return reshape(graph, gatherRows(graph, rows, positionIds), [batch, 1, sequence, pairs]);
  };
  return { cosine: lookUp('cosine', Math.cos), sine: lookUp('sine', Math.sin) };
}

/** Queries or keys [batch, heads, sequence, width], turned. */
export function turn(scope: Scope, x: Value, { cosine, sine }: Rotation): Value {
  return rotate(scope.graph, x, cosine, sine);
}

/** [positions, pairs], rounded at each step as transformers rounds them. */
function anglesOf(theta: number, positions: number, pairs: number): Float32Array {
  const frequencies = Float32Array.from({ length: pairs }, (_, pair) =>
    Math.fround(1 / Math.fround(theta ** Math.fround(pair / pairs))),
  );
  return Float32Array.from(
    { length: positions * pairs },
    (_, i) => Math.floor(i / pairs) * frequencies[i % pairs]!,
  );
}
