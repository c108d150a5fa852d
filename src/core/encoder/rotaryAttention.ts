/** Self-attention with rotary positions and one matrix for queries, keys and values. */
import { distanceBias, tileBiases, tiledAttention } from '../graph/attentionOps.js';
import type { Value } from '../graph/graph.js';
import { add, attention, reshape, transpose } from '../graph/ops.js';
import { chunk } from '../graph/sliceOps.js';
import type { EncoderInputs } from './family.js';
import { rotationOf, turn } from './rotary.js';
import { dropoutSites } from './scope.js';
import type { Scope } from './scope.js';

/** [batch, heads, sequence, width] each. */
interface Heads {
  readonly query: Value;
  readonly key: Value;
  readonly value: Value;
}

/** How layers attend; layers of the same kind share it, with all that it adds to the graph. */
export type AttentionKind = (scope: Scope, heads: Heads) => Value;

/**
 * Queries per tile where the model is served. At 8,192 tokens and 12 heads, scores of a tile take
 * 100 MB over all keys, and 16 MB over those within 64 tokens, for which larger tiles read fewer
 * keys twice.
 */
const queriesPerTile = { all: 256, near: 512 } as const;

/**
 * @param theta see `rotationOf`
 * @param span how far a token attends on each side; `null`: to its whole sequence
 */
export function rotaryAttention(
  scope: Scope,
  inputs: EncoderInputs,
  { theta, span }: { readonly theta: number; readonly span: number | null },
): AttentionKind {
  const rotation = rotationOf(scope, inputs.positionIds, theta);
  const attend = attentionOver(scope, inputs, span);
  return (at, { query, key, value }) =>
    attend(at, { query: turn(at, query, rotation), key: turn(at, key, rotation), value });
}

function attentionOver(scope: Scope, inputs: EncoderInputs, span: number | null): AttentionKind {
  const { graph, config, sequence } = scope;
  const { attentionBias } = inputs;
  const scale = 1 / Math.sqrt(config.hiddenSize / config.attentionHeads);
  if (typeof sequence === 'string') {
    const size = span === null ? queriesPerTile.all : queriesPerTile.near;
    const tiles = { size, count: Math.ceil(config.maxPositionEmbeddings / size) };
    if (span !== null || tiles.count > 1) {
      const biases =
        span === null
          ? [attentionBias]
          : tileBiases(graph, inputs.positionIds, attentionBias, tiles, span);
      return (_, heads) => tiledAttention(graph, heads, biases, scale, tiles, span);
    }
  }
  const bias =
    span === null || typeof sequence === 'string'
      ? attentionBias
      : add(graph, attentionBias, distanceBias(graph, sequence, span));
  return (at, heads) => {
    const square = [at.batch, config.attentionHeads, sequence, sequence];
    const mask = at.dropoutMask(dropoutSites.attention, config.attentionDropout, square);
    return attention(graph, heads, bias, mask, scale);
  };
}

/**
 * Attention of one layer, without its output matrix; the result has the shape of x.
 *
 * @param name of the matrix whose rows are those of queries, keys and values, in this order
 */
export function fusedSelfAttention(
  scope: Scope,
  x: Value,
  attend: AttentionKind,
  { name, bias }: { readonly name: string; readonly bias: boolean },
): Value {
  const { graph, config, batch, sequence } = scope;
  const heads = config.attentionHeads;
  const width = config.hiddenSize / heads;
  const joined = scope.linear(name, 3 * config.hiddenSize, x, {
    lora: ['query', 'key', 'value'],
    bias,
  });
  const [query, key, value] = chunk(graph, joined, 3).map((part) =>
    transpose(graph, reshape(graph, part, [batch, sequence, heads, width]), [0, 2, 1, 3]),
  );
  const context = attend(scope, { query: query!, key: key!, value: value! });
  return reshape(graph, transpose(graph, context, [0, 2, 1, 3]), x.shape);
}
