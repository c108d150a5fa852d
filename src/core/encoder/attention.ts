import type { Value } from '../graph/graph.js';
import { attention, matMul, multiply, reshape, transpose } from '../graph/ops.js';
import { dimension, staticDimension } from '../graph/shapes.js';
import type { DecoderSource } from './family.js';
import { dropoutSites } from './scope.js';
import type { Scope } from './scope.js';

/** A family's names for its attention projections. */
export interface ProjectionNames {
  readonly query: string;
  readonly key: string;
  readonly value: string;
}

/** Self-attention; `bias` masks what a token may attend to. The result has the shape of x. */
export function selfAttention(scope: Scope, x: Value, bias: Value, names: ProjectionNames): Value {
  const { graph, config, batch, sequence } = scope;
  const heads = config.attentionHeads;
  const width = config.hiddenSize / heads;
  const project = (module: keyof ProjectionNames): Value => {
    const y = scope.linear(names[module], config.hiddenSize, x, { lora: module });
    return transpose(graph, reshape(graph, y, [batch, sequence, heads, width]), [0, 2, 1, 3]);
  };
  const parts = { query: project('query'), key: project('key'), value: project('value') };
  const square = [batch, heads, sequence, sequence];
  const mask = scope.dropoutMask(dropoutSites.attention, config.attentionDropout, square);
  const context = attention(graph, parts, bias, mask, 1 / Math.sqrt(width));
  return reshape(graph, transpose(graph, context, [0, 2, 1, 3]), x.shape);
}

/**
 * Attention of every token to a single vector, the embedding of its sequence. The softmax of one
 * score is 1, so a token takes on the embedding's value whatever its query: queries and keys would
 * have no effect and no gradient, and are left out. [batch * sequence, hiddenSize]
 */
export function attentionToEmbedding(
  scope: Scope,
  { embeddings, membership }: DecoderSource,
  name: string,
): Value {
  const { graph, config, batch, sequence } = scope;
  const { hiddenSize, attentionHeads: heads } = config;
  const values = scope.linear(name, hiddenSize, embeddings);
  const rows = reshape(graph, values, [batch, dimension(membership, -1), hiddenSize]);
  const spread = matMul(graph, membership, rows);
  const tokens = staticDimension(membership, 0) * staticDimension(membership, 1);
  const context = reshape(graph, spread, [tokens, hiddenSize]);
  const places = [batch, sequence, heads];
  const mask = scope.dropoutMask(dropoutSites.crossAttention, config.attentionDropout, places);
  if (mask === null) return context;
  const byHead = reshape(graph, context, [batch, sequence, heads, hiddenSize / heads]);
  const kept = multiply(graph, byHead, reshape(graph, mask, [...places, 1]));
  return reshape(graph, kept, context.shape);
}
