/** Rotary positions, limited spans and query tiles, in standard ONNX ops. */
import { onnxElementTypes } from '../onnxModel.js';
import { staticDimension } from '../shapes.js';
import type { Emitter, LowerRule } from './emitter.js';
import { maskedBias } from './mask.js';

/** With halves a and b of x: a cos - b sin, and b cos + a sin; turned back, sin has the other sign. */
export const rotateRule: LowerRule<'rotate'> = (emitter, { inputs, outputs: [y], attributes }) => {
  const [x, cosine, sine] = inputs;
  const { make, emit, integers } = emitter;
  const width = staticDimension(x, -1);
  const half = (start: number): string =>
    make('Slice', [x.name, ...[start, start + width / 2, 3].map((place) => integers([place]))]);
  const [a, b] = [half(0), half(width / 2)];
  const products = (other: string, own: string): [string, string] => [
    make('Mul', [own, cosine.name]),
    make('Mul', [other, sine.name]),
  ];
  const [first, second] = attributes.inverse ? ['Add', 'Sub'] : ['Sub', 'Add'];
  const turned = [make(first, products(b, a)), make(second, products(a, b))];
  emit('Concat', turned, [y.name], { attributes: { axis: 3 } });
};

export const distanceBiasRule: LowerRule<'distanceBias'> = (
  emitter,
  { outputs: [y], attributes },
) => {
  const { sequence, span } = attributes;
  const places = Float32Array.from({ length: sequence }, (_, i) => i);
  const column = emitter.initializer(`column_${sequence}`, 'float32', [1, 1, sequence, 1], places);
  const row = emitter.initializer(`row_${sequence}`, 'float32', [1, 1, 1, sequence], places);
  emitter.emit('Mul', [beyond(emitter, column, row, span), emitter.float(maskedBias)], [y.name]);
};

/** 0 where a and b, whole numbers, are at most `span` apart, else 1. */
function beyond({ make, float }: Emitter, a: string, b: string, span: number): string {
  const distance = make('Abs', [make('Sub', [a, b])]);
  return make('Clip', [make('Sub', [distance, float(span)]), float(0), float(1)]);
}

/** Beyond any sequence: a slice that ends there takes all that is left. */
const toTheEnd = 2 ** 31 - 1;

interface TileRange {
  readonly start: number;
  readonly end: number;
}

/** The queries of a tile, and the keys that they attend to. */
function rangesOf(
  tile: number,
  size: number,
  count: number,
  span: number | null,
): { readonly queries: TileRange; readonly keys: TileRange } {
  const isLast = tile === count - 1;
  const queries = { start: tile * size, end: isLast ? toTheEnd : (tile + 1) * size };
  if (span === null) return { queries, keys: { start: 0, end: toTheEnd } };
  const end = isLast ? toTheEnd : queries.end + span;
  return { queries, keys: { start: Math.max(0, queries.start - span), end } };
}

function sliceOf({ make, integers }: Emitter, x: string, range: TileRange, axis: number): string {
  if (range.start === 0 && range.end === toTheEnd) return x;
  return make('Slice', [x, ...[range.start, range.end, axis].map((place) => integers([place]))]);
}

/**
 * A tile's part of x. Beyond a short sequence it would be empty, which WebGPU's Softmax refuses, so
 * all tiles but the first have x's first place as well, at the end.
 */
function partOf(emitter: Emitter, x: string, tile: number, range: TileRange, axis: number): string {
  const part = sliceOf(emitter, x, range, axis);
  if (tile === 0) return part;
  const first = sliceOf(emitter, x, { start: 0, end: 1 }, axis);
  return emitter.make('Concat', [part, first], { attributes: { axis } });
}

/** Farther than any span. */
const farAway = 1e6;

export const tileBiasesRule: LowerRule<'tileBiases'> = (
  emitter,
  { inputs, outputs, attributes },
) => {
  const [positions, bias] = inputs;
  const { size, count, span } = attributes;
  const { make, emit, integers, float } = emitter;
  const to = { attributes: { to: onnxElementTypes.float32 } };
  const places = make('Cast', [positions.name], to);
  const column = make('Reshape', [places, integers([0, 1, -1, 1])]);
  const row = make('Reshape', [places, integers([0, 1, 1, -1])]);
  // The additional key of a tile is far from all queries, and so never attended to.
  const additional = make('Add', [sliceOf(emitter, row, { start: 0, end: 1 }, 3), float(farAway)]);
  outputs.forEach((output, tile) => {
    const { queries, keys } = rangesOf(tile, size, count, span);
    const near = sliceOf(emitter, row, keys, 3);
    const nearAndFirst =
      tile === 0 ? near : make('Concat', [near, additional], { attributes: { axis: 3 } });
    const far = beyond(emitter, partOf(emitter, column, tile, queries, 2), nearAndFirst, span);
    const masked = partOf(emitter, bias.name, tile, keys, 3);
    emit('Add', [make('Mul', [far, float(maskedBias)]), masked], [output.name]);
  });
};

export const tiledAttentionRule: LowerRule<'tiledAttention'> = (emitter, node) => {
  const { inputs, outputs, attributes } = node;
  const [query, key, value, ...biases] = inputs;
  const { size, count, scale, span } = attributes;
  const { make, emit, float } = emitter;
  const scaled = make('Mul', [query.name, float(scale)]);
  const transposed = make('Transpose', [key.name], { attributes: { perm: [0, 1, 3, 2] } });
  const contexts = Array.from({ length: count }, (_, tile) => {
    const { queries, keys } = rangesOf(tile, size, count, span);
    const keyPart = (x: string, axis: number): string =>
      span === null ? x : partOf(emitter, x, tile, keys, axis);
    const scores = make('MatMul', [
      partOf(emitter, scaled, tile, queries, 2),
      keyPart(transposed, 3),
    ]);
    const bias = biases[span === null ? 0 : tile]!;
    const probabilities = make('Softmax', [make('Add', [scores, bias.name])], {
      attributes: { axis: -1 },
    });
    const context = make('MatMul', [probabilities, keyPart(value.name, 2)]);
    return tile === 0 ? context : sliceOf(emitter, context, { start: 0, end: -1 }, 2);
  });
  emit('Concat', contexts, [outputs[0].name], { attributes: { axis: 2 } });
};
