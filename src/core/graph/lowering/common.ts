/** Ops that lower to the same ONNX nodes on every device. */
import { activationRules } from './activations.js';
import { distanceBiasRule, rotateRule, tileBiasesRule, tiledAttentionRule } from './attention.js';
import type { LowerRules } from './emitter.js';
import { reshapeTarget } from './emitter.js';
import { linearRule } from './linear.js';
import { biasFromMaskRule, positionsFromMaskRule } from './mask.js';
import { poolOverMaskRule } from './pooling.js';
import { relativeBiasGradientRule, relativeBiasRule } from './relative.js';
import { l2NormaliseRule, logSumExpRule } from './rows.js';
import { addRowsRule } from './scatter.js';

export const commonRules: Omit<
  LowerRules,
  'matMul' | 'attention' | 'scatterAddRows' | 'decoderLoss' | 'decoderCorrect' | 'geluTanh'
> = {
  add: (emitter, { inputs: [a, b], outputs: [y] }) =>
    emitter.emit('Add', [a.name, b.name], [y.name]),
  subtract: (emitter, { inputs: [a, b], outputs: [y] }) =>
    emitter.emit('Sub', [a.name, b.name], [y.name]),
  multiply: (emitter, { inputs: [a, b], outputs: [y] }) =>
    emitter.emit('Mul', [a.name, b.name], [y.name]),
  divide: (emitter, { inputs: [a, b], outputs: [y] }) =>
    emitter.emit('Div', [a.name, b.name], [y.name]),
  exponential: (emitter, { inputs: [x], outputs: [y] }) => emitter.emit('Exp', [x.name], [y.name]),
  softmax: (emitter, { inputs: [x], outputs: [y] }) =>
    emitter.emit('Softmax', [x.name], [y.name], { attributes: { axis: -1 } }),
  logSumExp: logSumExpRule,
  l2Normalise: l2NormaliseRule,
  ...activationRules,
  layerNorm: (emitter, { inputs: [x, gamma, beta], outputs: [y, mean, inverse], attributes }) =>
    emitter.emit(
      'LayerNormalization',
      [x, gamma, ...(beta === undefined ? [] : [beta])].map(({ name }) => name),
      [y.name, mean.name, inverse.name],
      { attributes: { axis: -1, epsilon: { float: attributes.epsilon } } },
    ),
  linear: linearRule,
  matMulAdd: (emitter, { inputs: [a, b, c], outputs: [y], attributes }) =>
    emitter.emit('Gemm', [a.name, b.name, c.name], [y.name], {
      attributes: {
        transA: Number(attributes.transA),
        transB: Number(attributes.transB),
        alpha: { float: attributes.alpha },
      },
    }),
  reshape: (emitter, { inputs: [x], outputs: [y] }) =>
    emitter.emit('Reshape', [x.name, emitter.integers(reshapeTarget(x.shape, y.shape))], [y.name]),
  transpose: (emitter, { inputs: [x], outputs: [y], attributes }) =>
    emitter.emit('Transpose', [x.name], [y.name], { attributes: { perm: attributes.permutation } }),
  concat: (emitter, { inputs, outputs: [y] }) =>
    emitter.emit(
      'Concat',
      inputs.map((part) => part.name),
      [y.name],
      { attributes: { axis: 0 } },
    ),
  slice: ({ emit, integers }, { inputs: [x], outputs: [y], attributes: { axis, start, end } }) => {
    emit('Slice', [x.name, ...[start, end, axis].map((place) => integers([place]))], [y.name]);
  },
  pad: ({ emit, integers, float }, { inputs: [x], outputs: [y], attributes }) => {
    const { axis, before, after } = attributes;
    const places = [integers([before, after]), float(0), integers([axis])];
    emit('Pad', [x.name, ...places], [y.name]);
  },
  rotate: rotateRule,
  distanceBias: distanceBiasRule,
  tileBiases: tileBiasesRule,
  tiledAttention: tiledAttentionRule,
  reduceSum: (emitter, { inputs: [x], outputs: [y], attributes: { axes, keepDimensions } }) =>
    emitter.emit('ReduceSum', [x.name, emitter.integers(axes)], [y.name], {
      attributes: { keepdims: Number(keepDimensions) },
    }),
  addRows: addRowsRule,
  gatherRows: (emitter, { inputs: [table, rows], outputs: [y] }) =>
    emitter.emit('Gather', [table.name, rows.name], [y.name], { attributes: { axis: 0 } }),
  relativeBias: relativeBiasRule,
  relativeBiasGradient: relativeBiasGradientRule,
  positionsFromMask: positionsFromMaskRule,
  biasFromMask: biasFromMaskRule,
  poolOverMask: poolOverMaskRule,
  pointwise: (emitter, { inputs: [x], outputs: [y], attributes: { name } }) =>
    emitter.emit(name, [x.name], [y.name]),
};
