/** The CPU provider: transposed operands go into FusedMatMul and Gemm, never through Transpose. */
import { commonRules } from './common.js';
import { decoderCorrectRule, decoderLossRule, labelIsArgMax } from './decoder.js';
import type { Emitter, LowerRules } from './emitter.js';
import type { MatMulAttributes } from '../graph.js';
import { scatterElementsRule } from './scatter.js';

export const cpuRules: LowerRules = {
  ...commonRules,
  scatterAddRows: scatterElementsRule,
  decoderLoss: decoderLossRule((emitter, logits, output) =>
    emitter.emit('LogSoftmax', [logits], [output], { attributes: { axis: -1 } }),
  ),
  decoderCorrect: decoderCorrectRule(labelIsArgMax),
  geluTanh: (emitter, { inputs: [x], outputs: [y] }) =>
    emitter.emit('Gelu', [x.name], [y.name], { attributes: { approximate: 'tanh' } }),
  matMul: (emitter, { inputs: [a, b], outputs: [y], attributes }) => {
    if (a.shape.length === 2) gemm(emitter, [a.name, b.name], y.name, attributes);
    else fusedMatMul(emitter, [a.name, b.name], y.name, attributes);
  },
  attention: (emitter, { inputs, outputs, attributes }) => {
    const [query, key, value, bias, dropout] = inputs;
    const [context, probabilities, kept] = outputs;
    const product = { transA: false, transB: true, alpha: attributes.scale };
    const scores = emitter.make('FusedMatMul', [query.name, key.name], fusedOptions(product));
    const biased = emitter.make('Add', [scores, bias.name]);
    emitter.emit('Softmax', [biased], [probabilities.name], { attributes: { axis: -1 } });
    if (dropout !== undefined) {
      emitter.emit('Mul', [probabilities.name, dropout.name], [kept.name]);
    }
    emitter.emit('MatMul', [kept.name, value.name], [context.name]);
  },
};

function gemm(
  emitter: Emitter,
  inputs: readonly string[],
  output: string,
  { transA, transB, alpha }: MatMulAttributes,
): void {
  const attributes = {
    transA: Number(transA),
    transB: Number(transB),
    alpha: { float: alpha },
  };
  emitter.emit('Gemm', inputs, [output], { attributes });
}

function fusedMatMul(
  emitter: Emitter,
  inputs: readonly string[],
  output: string,
  attributes: MatMulAttributes,
): void {
  emitter.emit('FusedMatMul', inputs, [output], fusedOptions(attributes));
}

function fusedOptions({ transA, transB, alpha }: MatMulAttributes) {
  const attributes = { transA: Number(transA), transB: Number(transB), alpha: { float: alpha } };
  return { attributes, domain: 'com.microsoft' } as const;
}
