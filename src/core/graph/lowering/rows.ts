import type { LowerRule } from './emitter.js';

/** Lengths below this count as zero, as in PyTorch's `normalize`. */
const shortest = 1e-12;

/** norm / max(norm^2, tiny) is 1 / norm, or 0 for a zero row, so nothing becomes infinite. */
export const l2NormaliseRule: LowerRule<'l2Normalise'> = (emitter, node) => {
  const [x] = node.inputs;
  const [y, inverseNorm] = node.outputs;
  const { make, emit, float, integers } = emitter;
  const axis = integers([x.shape.length - 1]);
  const squares = make('ReduceSum', [make('Mul', [x.name, x.name]), axis]);
  const bounded = make('Max', [squares, float(shortest ** 2)]);
  emit('Div', [make('Sqrt', [squares]), bounded], [inverseNorm.name]);
  emit('Mul', [x.name, inverseNorm.name], [y.name]);
};

/** Written out, because ReduceLogSumExp does not subtract the maximum first on every device. */
export const logSumExpRule: LowerRule<'logSumExp'> = (emitter, node) => {
  const [x] = node.inputs;
  const { make, emit, integers } = emitter;
  const axis = integers([x.shape.length - 1]);
  const greatest = make('ReduceMax', [x.name, axis]);
  const exponentials = make('Exp', [make('Sub', [x.name, greatest])]);
  const logarithm = make('Log', [make('ReduceSum', [exponentials, axis])]);
  emit('Add', [logarithm, greatest], [node.outputs[0].name]);
};
