import { onnxElementTypes } from '../onnxModel.js';
import { staticDimension } from '../shapes.js';
import type { LowerRule } from './emitter.js';

/**
 * Counts in float32, as `positionsFromMaskRule` does and for the same reason. The sizes may be known
 * only at run time.
 */
export const relativeBiasRule: LowerRule<'relativeBias'> = (emitter, node) => {
  const { make, emit, float, integers } = emitter;
  const [table, attentionBias] = node.inputs;
  const { bucketOf } = node.attributes;
  const farthest = (bucketOf.length - 1) / 2;

  const [from, to, axes] = [integers([0, 0]), integers([1, 1]), integers([0, 2])];
  const row = make('Reshape', [
    make('Slice', [attentionBias.name, from, to, axes]),
    integers([1, -1]),
  ]);
  const ones = make('Add', [make('Mul', [row, float(0)]), float(1)]);
  const indices = make('CumSum', [ones, integers([1])]);
  const keys = make('Reshape', [indices, integers([1, 1, -1])]);
  const queries = make('Reshape', [indices, integers([1, -1, 1])]);
  const near = make('Clip', [make('Sub', [keys, queries]), float(-farthest), float(farthest)]);
  const places = make('Cast', [make('Add', [near, float(farthest)])], {
    attributes: { to: onnxElementTypes.int32 },
  });
  const buckets = emitter.initializer(
    `${node.outputs[0].name}.buckets`,
    'int32',
    [bucketOf.length],
    Int32Array.from(bucketOf),
  );
  const rows = make('Gather', [buckets, places], { attributes: { axis: 0 } });
  const biases = make('Gather', [table.name, rows], { attributes: { axis: 0 } });
  emit('Transpose', [biases], [node.outputs[0].name], { attributes: { perm: [0, 3, 1, 2] } });
};

/**
 * Sums along the diagonals, then over those of each bucket. The n rows of n values are padded to
 * 2n - 1 values and read again as rows of 2n: what lay on one diagonal lies in one column, distance
 * d in column d modulo 2n. A product with a matrix of 0 and 1 adds up the columns.
 */
export const relativeBiasGradientRule: LowerRule<'relativeBiasGradient'> = (emitter, node) => {
  const { make, emit, integers, float } = emitter;
  const { bucketOf } = node.attributes;
  const [dy] = node.inputs;
  const [dTable] = node.outputs;
  const [heads, n] = [staticDimension(dy, 1), staticDimension(dy, 3)];
  const zero = float(0);

  const wide = make('Pad', [dy.name, integers([0, 0, 0, 0, 0, 0, 0, n - 1]), zero]);
  const flat = make('Reshape', [wide, integers([heads, n * (2 * n - 1)])]);
  const full = make('Pad', [flat, integers([0, 0, 0, n]), zero]);
  const shifted = make('Reshape', [full, integers([heads, n, 2 * n])]);
  const sums = make('ReduceSum', [shifted, integers([1])], { attributes: { keepdims: 0 } });

  const buckets = staticDimension(dTable, 0);
  const farthest = (bucketOf.length - 1) / 2;
  const members = new Float32Array(2 * n * buckets);
  for (let distance = 1 - n; distance < n; distance++) {
    const near = Math.max(-farthest, Math.min(farthest, distance));
    const column = (distance + 2 * n) % (2 * n);
    members[column * buckets + bucketOf[near + farthest]!] = 1;
  }
  const name = `${dTable.name}.members`;
  const matrix = emitter.initializer(name, 'float32', [2 * n, buckets], members);
  emit('Gemm', [matrix, sums], [dTable.name], { attributes: { transA: 1, transB: 1 } });
};
