/** Activations and their gradients, in as few passes over the values as ONNX's ops allow. */
import type { Emitter, LowerRule, LowerRules } from './emitter.js';

export const activationRules: Pick<
  LowerRules,
  'gelu' | 'geluGradient' | 'geluTanhGradient' | 'relu' | 'reluGradient' | 'silu' | 'siluGradient'
> = {
  gelu: (emitter, { inputs: [x], outputs: [y] }) => emitter.emit('Gelu', [x.name], [y.name]),
  geluGradient: (emitter, { inputs: [x, dy], outputs: [dx] }) => {
    const { make, float } = emitter;
    // phi(x) + x * density(x), times dy. With u = x / sqrt(2) the second term is
    // u * exp(-u * u) / sqrt(pi).
    const u = make('Mul', [x.name, float(Math.SQRT1_2)]);
    const exponent = make('Sub', [float(-Math.log(Math.PI) / 2), make('Mul', [u, u])]);
    const second = make('Mul', [u, make('Exp', [exponent])]);
    const slope = make('Add', [normalDistribution(emitter, u), second]);
    emitter.emit('Mul', [dy.name, slope], [dx.name]);
  },
  geluTanhGradient: (emitter, { inputs: [x, dy], outputs: [dx] }) => {
    const { make, float } = emitter;
    // y = x s with s the sigmoid of v = 2 u, so the slope is s + (s - s s) x v'.
    const square = make('Mul', [x.name, x.name]);
    const s = make('Sigmoid', [twiceInner(emitter, x.name, square)]);
    const slopeOfV = make('Add', [make('Mul', [square, float(3 * cubic)]), float(linear)]);
    const rest = make('Sub', [s, make('Mul', [s, s])]);
    const second = make('Mul', [rest, make('Mul', [x.name, slopeOfV])]);
    emitter.emit('Mul', [dy.name, make('Add', [s, second])], [dx.name]);
  },
  relu: (emitter, { inputs: [x], outputs: [y] }) => emitter.emit('Relu', [x.name], [y.name]),
  reluGradient: (emitter, { inputs: [x, dy], outputs: [dx] }) => {
    const zero = emitter.float(0);
    emitter.emit('Where', [emitter.make('Greater', [x.name, zero]), dy.name, zero], [dx.name]);
  },
  silu: (emitter, { inputs: [x], outputs: [y] }) =>
    emitter.emit('Mul', [x.name, emitter.make('Sigmoid', [x.name])], [y.name]),
  siluGradient: (emitter, { inputs: [x, dy], outputs: [dx] }) => {
    const { make } = emitter;
    // s + (s - s s) x, with s the sigmoid of x.
    const s = make('Sigmoid', [x.name]);
    const second = make('Mul', [make('Sub', [s, make('Mul', [s, s])]), x.name]);
    emitter.emit('Mul', [dy.name, make('Add', [s, second])], [dx.name]);
  },
};

/** For devices whose Gelu has no approximation: (1 + tanh(u)) / 2 is the sigmoid of 2 u. */
export const geluTanhRule: LowerRule<'geluTanh'> = (emitter, { inputs: [x], outputs: [y] }) => {
  const square = emitter.make('Mul', [x.name, x.name]);
  const sigmoid = emitter.make('Sigmoid', [twiceInner(emitter, x.name, square)]);
  emitter.emit('Mul', [x.name, sigmoid], [y.name]);
};

/** 2 u = x * (linear + cubic * x * x), with u what geluTanh takes the hyperbolic tangent of. */
const linear = 2 * Math.sqrt(2 / Math.PI);
const cubic = 0.044715 * linear;

function twiceInner({ make, float }: Emitter, x: string, square: string): string {
  return make('Mul', [x, make('Add', [make('Mul', [square, float(cubic)]), float(linear)])]);
}

/**
 * The standard normal's cumulative distribution at sqrt(2) u: (1 + erf(u)) / 2. HardSigmoid
 * computes that line in one pass; clipping at 0 and 1 changes nothing.
 */
function normalDistribution({ make }: Emitter, u: string): string {
  return make('HardSigmoid', [make('Erf', [u])], {
    attributes: { alpha: { float: 0.5 }, beta: { float: 0.5 } },
  });
}
