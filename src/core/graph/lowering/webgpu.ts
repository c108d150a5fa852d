/**
 * The WebGPU provider, or any other that supports only standard ONNX ops: there FusedMatMul would
 * silently fall back to the CPU.
 */
import { geluTanhRule } from './activations.js';
import { commonRules } from './common.js';
import { decoderCorrectRule, decoderLossRule, labelHasLargest } from './decoder.js';
import type { Emitter, LowerRules } from './emitter.js';
import { scatterTotalsRule } from './scatter.js';
import type { MatMulAttributes, Value } from '../graph.js';

export const webgpuRules: LowerRules = {
  ...commonRules,
  scatterAddRows: scatterTotalsRule,
  geluTanh: geluTanhRule,
  decoderLoss: decoderLossRule((emitter, logits, output) => {
    const { make, integers } = emitter;
    const largest = make('ReduceMax', [logits, integers([1])]);
    const shifted = make('Sub', [logits, largest]);
    const sum = make('ReduceSum', [make('Exp', [shifted]), integers([1])]);
    emitter.emit('Sub', [shifted, make('Log', [sum])], [output]);
  }),
  decoderCorrect: decoderCorrectRule(labelHasLargest),
  matMul: (emitter, { inputs: [a, b], outputs: [y], attributes }) =>
    product(emitter, a, b, y.name, attributes),
  attention: (emitter, { inputs, outputs, attributes }) => {
    const [query, key, value, bias, dropout] = inputs;
    const [context, probabilities, kept] = outputs;
    const { make, float } = emitter;
    const transposed = lastTwoSwapped(emitter, key);
    const scores = make('MatMul', [make('Mul', [query.name, float(attributes.scale)]), transposed]);
    const biased = make('Add', [scores, bias.name]);
    emitter.emit('Softmax', [biased], [probabilities.name], { attributes: { axis: -1 } });
    if (dropout !== undefined) {
      emitter.emit('Mul', [probabilities.name, dropout.name], [kept.name]);
    }
    emitter.emit('MatMul', [kept.name, value.name], [context.name]);
  },
};

function product(
  emitter: Emitter,
  a: Value,
  b: Value,
  output: string,
  { transA, transB, alpha }: MatMulAttributes,
): void {
  const left = transA ? lastTwoSwapped(emitter, a) : a.name;
  const right = transB ? lastTwoSwapped(emitter, b) : b.name;
  if (alpha === 1) {
    emitter.emit('MatMul', [left, right], [output]);
    return;
  }
  const plain = emitter.make('MatMul', [left, right]);
  emitter.emit('Mul', [plain, emitter.float(alpha)], [output]);
}

function lastTwoSwapped(emitter: Emitter, value: Value): string {
  const rank = value.shape.length;
  const perm = value.shape.map((_, axis) =>
    axis < rank - 2 ? axis : axis === rank - 2 ? rank - 1 : rank - 2,
  );
  return emitter.make('Transpose', [value.name], { attributes: { perm } });
}
