import type { Graph, GraphNode, NodeOf, OperationName, Value } from '../graph.js';
import { addGradient } from './add.js';
import { attentionGradient } from './attention.js';
import { concatGradient } from './concat.js';
import { decoderLossGradient } from './decoderLoss.js';
import { divideGradient } from './divide.js';
import { exponentialGradient } from './exponential.js';
import { gatherRowsGradient } from './gatherRows.js';
import { geluRule } from './gelu.js';
import { geluTanhRule } from './geluTanh.js';
import { l2NormaliseGradient } from './l2Normalise.js';
import { layerNormGradient } from './layerNorm.js';
import { linearGradient } from './linear.js';
import { logSumExpGradient } from './logSumExp.js';
import { matMulGradient } from './matMul.js';
import { matMulAddGradient } from './matMulAdd.js';
import { multiplyGradient } from './multiply.js';
import { padGradient } from './pad.js';
import { reduceSumGradient } from './reduceSum.js';
import { relativeBiasRule } from './relativeBias.js';
import { reluRule } from './relu.js';
import { reshapeGradient } from './reshape.js';
import { rotateGradient } from './rotate.js';
import { noGradient } from './rule.js';
import type { Contribution, GradientRule } from './rule.js';
import { scatterAddRowsGradient } from './scatterAddRows.js';
import { siluRule } from './silu.js';
import { sliceGradient } from './slice.js';
import { softmaxGradient } from './softmax.js';
import { subtractGradient } from './subtract.js';
import { transposeGradient } from './transpose.js';

type Rules = { readonly [K in OperationName]?: GradientRule<K> | typeof noGradient };

/** An op that is missing has no rule yet; differentiating it is an error that names it. */
export const gradientRules: Rules = {
  add: addGradient,
  subtract: subtractGradient,
  multiply: multiplyGradient,
  divide: divideGradient,
  exponential: exponentialGradient,
  softmax: softmaxGradient,
  logSumExp: logSumExpGradient,
  l2Normalise: l2NormaliseGradient,
  gelu: geluRule,
  geluTanh: geluTanhRule,
  relu: reluRule,
  silu: siluRule,
  layerNorm: layerNormGradient,
  linear: linearGradient,
  matMul: matMulGradient,
  matMulAdd: matMulAddGradient,
  attention: attentionGradient,
  rotate: rotateGradient,
  relativeBias: relativeBiasRule,
  reshape: reshapeGradient,
  transpose: transposeGradient,
  concat: concatGradient,
  slice: sliceGradient,
  pad: padGradient,
  reduceSum: reduceSumGradient,
  gatherRows: gatherRowsGradient,
  scatterAddRows: scatterAddRowsGradient,
  addRows: noGradient,
  decoderLoss: decoderLossGradient,
  decoderCorrect: noGradient,
  positionsFromMask: noGradient,
  biasFromMask: noGradient,
  distanceBias: noGradient,
};

export function applyGradientRule(
  graph: Graph,
  node: GraphNode,
  dy: Value,
): readonly (readonly Contribution[])[] {
  return apply(graph, node, dy);
}

function apply<K extends OperationName>(
  graph: Graph,
  node: NodeOf<K>,
  dy: Value,
): readonly (readonly Contribution[])[] {
  const rule: GradientRule<K> | typeof noGradient | undefined = gradientRules[node.op];
  if (rule === undefined) throw new Error(`no gradient rule for the op "${node.op}"`);
  if (rule === noGradient) return node.inputs.map(() => []);
  return rule(graph, node, dy);
}
