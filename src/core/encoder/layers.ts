/** The layers that RoBERTa and BERT share. Hidden states are [..., hiddenSize] for any leading axes. */
import type { Value } from '../graph/graph.js';
import { add, attention, gelu, layerNorm, linear, reshape, transpose } from '../graph/ops.js';
import { layerPrefix } from './parameters.js';
import { dropHidden, dropoutMask, dropoutSites } from './scope.js';
import type { EncoderScope } from './scope.js';

/** Layer `index`, counted from 0; its dropout sites are those of layer index + 1. */
export function encoderLayer(scope: EncoderScope, index: number, x: Value, bias: Value): Value {
  const prefix = layerPrefix(scope.config, index);
  const attended = selfAttention(scope, index, x, bias);
  const projected = dense(scope, `${prefix}.attention.output.dense`, attended);
  const kept = dropHidden(scope, projected, index + 1, dropoutSites.attentionOutput);
  const middle = norm(scope, `${prefix}.attention.output.LayerNorm`, add(scope.graph, kept, x));

  const wide = gelu(scope.graph, dense(scope, `${prefix}.intermediate.dense`, middle));
  const narrow = dense(scope, `${prefix}.output.dense`, wide);
  const keptNarrow = dropHidden(scope, narrow, index + 1, dropoutSites.output);
  return norm(scope, `${prefix}.output.LayerNorm`, add(scope.graph, keptNarrow, middle));
}

function selfAttention(scope: EncoderScope, index: number, x: Value, bias: Value): Value {
  const { graph, config, batch, sequence } = scope;
  const heads = config.attentionHeads;
  const width = config.hiddenSize / heads;
  const project = (name: string): Value => {
    const y = dense(scope, `${layerPrefix(config, index)}.attention.self.${name}`, x);
    return transpose(graph, reshape(graph, y, [batch, sequence, heads, width]), [0, 2, 1, 3]);
  };
  const parts = { query: project('query'), key: project('key'), value: project('value') };
  const place = {
    layer: index + 1,
    site: dropoutSites.attention,
    rate: config.attentionDropout,
  };
  const mask = dropoutMask(scope, place, [batch, heads, sequence, sequence]);
  const context = attention(graph, parts, bias, mask, 1 / Math.sqrt(width));
  return reshape(graph, transpose(graph, context, [0, 2, 1, 3]), x.shape);
}

export function dense(scope: EncoderScope, name: string, x: Value): Value {
  return linear(scope.graph, x, scope.parameter(`${name}.weight`), scope.parameter(`${name}.bias`));
}

export function norm(scope: EncoderScope, name: string, x: Value): Value {
  const gamma = scope.parameter(`${name}.weight`);
  const beta = scope.parameter(`${name}.bias`);
  return layerNorm(scope.graph, x, gamma, beta, scope.config.layerNormEps).y;
}
