/**
 * Pooling over an attention mask [batch, sequence], as sentence-transformers computes it. The mask
 * may begin with zeros, where the tokens of a prompt are left out.
 */
import type { PoolingName } from '../../../protocol/catalogue/poolings.js';
import { onnxElementTypes } from '../onnxModel.js';
import type { Emitter, LowerRule } from './emitter.js';

/** Below every hidden state, and finite. */
const lowest = -1e9;

interface Pooled {
  readonly emitter: Emitter;
  /** [batch, sequence, width] */
  readonly x: string;
  /** float32 [batch, sequence] */
  readonly mask: string;
}

export const poolOverMaskRule: LowerRule<'poolOverMask'> = (emitter, node) => {
  const [x, mask] = node.inputs;
  const [pooled] = node.outputs;
  const float32 = { attributes: { to: onnxElementTypes.float32 } };
  const given = { emitter, x: x.name, mask: emitter.make('Cast', [mask.name], float32) };
  const parts = node.attributes.poolings.map((name) => poolingRules[name](given));
  emitter.emit('Concat', parts, [pooled.name], { attributes: { axis: 1 } });
};

/** Each returns the name of a value [batch, width]. */
const poolingRules: Readonly<Record<PoolingName, (given: Pooled) => string>> = {
  cls: (given) => {
    const { make, float } = given.emitter;
    return weightedSum(given, toFloat(given, make('Equal', [numbered(given), float(1)])));
  },
  max: ({ emitter: { make, float, integers }, x, mask }) => {
    const bias = make('Mul', [make('Sub', [mask, float(1)]), float(-lowest)]);
    const biased = make('Add', [x, make('Reshape', [bias, integers([0, -1, 1])])]);
    return make('ReduceMax', [biased, integers([1])], { attributes: { keepdims: 0 } });
  },
  mean: (given) =>
    given.emitter.make('Div', [weightedSum(given, given.mask), positiveTotal(given, given.mask)]),
  mean_sqrt_len_tokens: (given) => {
    const { make } = given.emitter;
    const root = make('Sqrt', [positiveTotal(given, given.mask)]);
    return make('Div', [weightedSum(given, given.mask), root]);
  },
  weightedmean: (given) => {
    const { make, float, integers } = given.emitter;
    const ones = make('Add', [make('Mul', [given.mask, float(0)]), float(1)]);
    const weights = make('Mul', [given.mask, make('CumSum', [ones, integers([1])])]);
    return make('Div', [weightedSum(given, weights), positiveTotal(given, weights)]);
  },
  lasttoken: (given) => {
    const last = given.emitter.make('Equal', [numbered(given), total(given, given.mask)]);
    return weightedSum(given, toFloat(given, last));
  },
};

/** 1, 2, 3 … where the mask is 1, else 0: [batch, sequence]. */
function numbered({ emitter: { make, integers }, mask }: Pooled): string {
  return make('Mul', [make('CumSum', [mask, integers([1])]), mask]);
}

function toFloat({ emitter }: Pooled, truth: string): string {
  return emitter.make('Cast', [truth], { attributes: { to: onnxElementTypes.float32 } });
}

function weightedSum({ emitter: { make, integers }, x }: Pooled, weights: string): string {
  const column = make('Reshape', [weights, integers([0, -1, 1])]);
  return make('ReduceSum', [make('Mul', [x, column]), integers([1])], {
    attributes: { keepdims: 0 },
  });
}

/** [batch, 1] */
function total({ emitter: { make, integers } }: Pooled, weights: string): string {
  return make('ReduceSum', [weights, integers([1])]);
}

function positiveTotal(given: Pooled, weights: string): string {
  return given.emitter.make('Max', [total(given, weights), given.emitter.float(1e-9)]);
}
