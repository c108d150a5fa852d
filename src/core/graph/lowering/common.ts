/** Ops that lower to the same ONNX nodes on every device. */
import type { LowerRules, Emitter } from './emitter.js';
import { reshapeTarget } from './emitter.js';
import { linearRule } from './linear.js';
import { decoderCorrectRule } from './decoder.js';
import { biasFromMaskRule, meanOverMaskRule, positionsFromMaskRule } from './mask.js';
import { l2NormaliseRule, logSumExpRule } from './rows.js';
import { staticShape } from '../shapes.js';

export const commonRules: Omit<
  LowerRules,
  'matMul' | 'attention' | 'scatterAddRows' | 'decoderLoss'
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
  gelu: (emitter, { inputs: [x], outputs: [y] }) => emitter.emit('Gelu', [x.name], [y.name]),
  geluGradient: (emitter, { inputs: [x, dy], outputs: [dx] }) => {
    const { make, float } = emitter;
    // phi(x) + x * density(x), times dy, in as few passes as ONNX's ops allow. With u = x / sqrt(2)
    // the second term is u * exp(-u * u) / sqrt(pi).
    const u = make('Mul', [x.name, float(Math.SQRT1_2)]);
    const exponent = make('Sub', [float(-Math.log(Math.PI) / 2), make('Mul', [u, u])]);
    const second = make('Mul', [u, make('Exp', [exponent])]);
    const slope = make('Add', [normalDistribution(emitter, u), second]);
    emitter.emit('Mul', [dy.name, slope], [dx.name]);
  },
  layerNorm: (emitter, { inputs: [x, gamma, beta], outputs: [y, mean, inverse], attributes }) =>
    emitter.emit(
      'LayerNormalization',
      [x.name, gamma.name, beta.name],
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
  sliceRows: (emitter, { inputs: [x], outputs: [y], attributes: { start, end } }) =>
    emitter.emit(
      'Slice',
      [x.name, emitter.integers([start]), emitter.integers([end]), emitter.integers([0])],
      [y.name],
    ),
  reduceSum: (emitter, { inputs: [x], outputs: [y], attributes: { axes, keepDimensions } }) =>
    emitter.emit('ReduceSum', [x.name, emitter.integers(axes)], [y.name], {
      attributes: { keepdims: Number(keepDimensions) },
    }),
  gatherRows: (emitter, { inputs: [table, rows], outputs: [y] }) =>
    emitter.emit('Gather', [table.name, rows.name], [y.name], { attributes: { axis: 0 } }),
  decoderCorrect: decoderCorrectRule,
  positionsFromMask: positionsFromMaskRule,
  biasFromMask: biasFromMaskRule,
  meanOverMask: meanOverMaskRule,
};

/**
 * The standard normal's cumulative distribution at sqrt(2) u: (1 + erf(u)) / 2. HardSigmoid
 * computes that line in one pass; clipping at 0 and 1 changes nothing.
 */
function normalDistribution({ make }: Emitter, u: string): string {
  return make('HardSigmoid', [make('Erf', [u])], {
    attributes: { alpha: { float: 0.5 }, beta: { float: 0.5 } },
  });
}

/**
 * ScatterElements with expanded rows: slower than ScatterND, whose additions race on the CPU
 * provider and lose updates when rows repeat.
 */
export const scatterElementsRule: LowerRules['scatterAddRows'] = (emitter, node) => {
  const [updates, rows] = node.inputs;
  const [y] = node.outputs;
  const { make, integers } = emitter;
  const shape = staticShape(updates);
  const column = make('Reshape', [rows.name, integers([shape[0] ?? 0, 1])]);
  const indices = make('Expand', [column, integers(shape)]);
  const zeros = make('Expand', [emitter.float(0), integers(staticShape(y))]);
  emitter.emit('ScatterElements', [zeros, indices, updates.name], [y.name], {
    attributes: { axis: 0, reduction: 'add' },
  });
};
