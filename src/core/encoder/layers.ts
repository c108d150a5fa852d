/** The layers that RoBERTa and BERT share. Hidden states are [..., hiddenSize] for any leading axes. */
import type { Value } from '../graph/graph.js';
import {
  add,
  attention,
  gelu,
  layerNorm,
  linear,
  matMul,
  matMulAdd,
  reshape,
  transpose,
} from '../graph/ops.js';
import { factorNames, moduleName } from './lora.js';
import type { LoraModule } from './lora.js';
import { layerPrefix } from './parameters.js';
import { drop, dropHidden, dropoutMask, dropoutSites, loraSites } from './scope.js';
import type { EncoderScope } from './scope.js';

/** Layer `index`, counted from 0; its dropout sites are those of layer index + 1. */
export function encoderLayer(scope: EncoderScope, index: number, x: Value, bias: Value): Value {
  const prefix = layerPrefix(scope.config, index);
  const attended = selfAttention(scope, index, x, bias);
  const projected = layerDense(scope, index, 'attention.output', attended);
  const kept = dropHidden(scope, projected, index + 1, dropoutSites.attentionOutput);
  const middle = norm(scope, `${prefix}.attention.output.LayerNorm`, add(scope.graph, kept, x));

  const wide = gelu(scope.graph, layerDense(scope, index, 'intermediate', middle));
  const narrow = layerDense(scope, index, 'output', wide);
  const keptNarrow = dropHidden(scope, narrow, index + 1, dropoutSites.output);
  return norm(scope, `${prefix}.output.LayerNorm`, add(scope.graph, keptNarrow, middle));
}

function selfAttention(scope: EncoderScope, index: number, x: Value, bias: Value): Value {
  const { graph, config, batch, sequence } = scope;
  const heads = config.attentionHeads;
  const width = config.hiddenSize / heads;
  const project = (module: 'query' | 'key' | 'value'): Value => {
    const y = layerDense(scope, index, module, x);
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

/** The linear map of a module of layer `index`, with the low-rank product beside it where it is adapted. */
function layerDense(scope: EncoderScope, index: number, module: LoraModule, x: Value): Value {
  const { graph, lora } = scope;
  const name = moduleName(scope.config, index, module);
  if (lora === null || !lora.modules.includes(module)) return dense(scope, name, x);
  const factors = factorNames(name);
  const [a, b] = [scope.parameter(factors.a), scope.parameter(factors.b)];
  const alpha = lora.alpha / lora.rank;
  if (x.shape.length !== 2) {
    // Nothing is differentiated here, and a Gemm takes matrices only: the factors join the weight.
    const weight = matMulAdd(graph, b, a, scope.parameter(`${name}.weight`), { alpha });
    return linear(graph, x, weight, scope.parameter(`${name}.bias`));
  }
  const place = { layer: index + 1, site: loraSites[module], rate: lora.dropout };
  const low = matMul(graph, drop(scope, x, place), a, { transB: true });
  return matMulAdd(graph, low, b, dense(scope, name, x), { transB: true, alpha });
}

export function dense(scope: EncoderScope, name: string, x: Value): Value {
  return linear(scope.graph, x, scope.parameter(`${name}.weight`), scope.parameter(`${name}.bias`));
}

export function norm(scope: EncoderScope, name: string, x: Value): Value {
  const gamma = scope.parameter(`${name}.weight`);
  const beta = scope.parameter(`${name}.bias`);
  return layerNorm(scope.graph, x, gamma, beta, scope.config.layerNormEps).y;
}
