import type { Value } from '../graph/graph.js';
import { attention, reshape, transpose } from '../graph/ops.js';
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
