/** Loss and accuracy of a decoder over the vocabulary, one chunk of rows at a time. */
import type { RowRange, Value } from '../graph.js';
import type { Emitter, LowerRule } from './emitter.js';

type DecoderInputs = readonly [Value, Value, Value, Value, Value];

/** How a device computes log-softmax over the last axis. */
export type LogSoftmax = (emitter: Emitter, logits: string, output: string) => void;

export function decoderLossRule(logSoftmax: LogSoftmax): LowerRule<'decoderLoss'> {
  return (emitter, node) => {
    const [loss, kept] = node.outputs;
    const sums = node.attributes.chunks.map((range) => {
      const { logits, labels, weights } = chunk(emitter, node.inputs, range);
      const logProbabilities = kept?.name ?? `${logits}.logSoftmax`;
      logSoftmax(emitter, logits, logProbabilities);
      const column = emitter.make('Reshape', [labels, emitter.integers([-1, 1])]);
      const picked = emitter.make('GatherElements', [logProbabilities, column], {
        attributes: { axis: 1 },
      });
      const flat = emitter.make('Reshape', [picked, emitter.integers([-1])]);
      return weightedSum(emitter, flat, weights);
    });
    emitter.emit('Neg', [addAll(emitter, sums)], [loss.name]);
  };
}

/** How a device tells whether the label's logit is the largest of its row: bool [rows]. */
export type RanksFirst = (emitter: Emitter, logits: string, labels: string) => string;

export const labelIsArgMax: RanksFirst = ({ make }, logits, labels) => {
  const best = make('ArgMax', [logits], { attributes: { axis: 1, keepdims: 0 } });
  return make('Equal', [make('Cast', [best], { attributes: { to: 6 } }), labels]);
};

/** For devices without 64-bit integers, which ArgMax gives. Of equal largest logits, any counts. */
export const labelHasLargest: RanksFirst = ({ make, integers }, logits, labels) => {
  const largest = make('ReduceMax', [logits, integers([1])]);
  const column = make('Reshape', [labels, integers([-1, 1])]);
  const own = make('GatherElements', [logits, column], { attributes: { axis: 1 } });
  return make('Reshape', [make('GreaterOrEqual', [own, largest]), integers([-1])]);
};

export function decoderCorrectRule(ranksFirst: RanksFirst): LowerRule<'decoderCorrect'> {
  return (emitter, node) => {
    const sums = node.attributes.chunks.map((range) => {
      const { logits, labels, weights } = chunk(emitter, node.inputs, range);
      const first = ranksFirst(emitter, logits, labels);
      const counts = emitter.make('Cast', [first], { attributes: { to: 1 } });
      return weightedSum(emitter, counts, weights);
    });
    emitter.emit('Identity', [addAll(emitter, sums)], [node.outputs[0].name]);
  };
}

function chunk(emitter: Emitter, inputs: DecoderInputs, { start, end }: RowRange) {
  const [hidden, weight, bias, labels, weights] = inputs;
  const rows = (value: Value): string =>
    start === 0 && end === value.shape[0]
      ? value.name
      : emitter.make('Slice', [
          value.name,
          emitter.integers([start]),
          emitter.integers([end]),
          emitter.integers([0]),
        ]);
  const logits = emitter.make('Gemm', [rows(hidden), weight.name, bias.name], {
    attributes: { transB: 1 },
  });
  return { logits, labels: rows(labels), weights: rows(weights) };
}

/** [1] */
function weightedSum(emitter: Emitter, values: string, weights: string): string {
  const product = emitter.make('Mul', [values, weights]);
  return emitter.make('ReduceSum', [product, emitter.integers([0])], {
    attributes: { keepdims: 1 },
  });
}

function addAll(emitter: Emitter, sums: readonly string[]): string {
  return sums.reduce((sum, part) => emitter.make('Add', [sum, part]));
}
