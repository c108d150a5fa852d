import { staticDimension } from '../shapes.js';
import type { Emitter, LowerRule } from './emitter.js';

/** [rows, in]: one Gemm. More axes: a product with the transposed weight. */
export const linearRule: LowerRule<'linear'> = (emitter, { inputs, outputs: [y] }) => {
  const [x, weight, bias] = inputs;
  if (x.shape.length === 2) {
    const attributes = { transB: 1 };
    const terms = [x, weight, ...(bias === undefined ? [] : [bias])].map(({ name }) => name);
    emitter.emit('Gemm', terms, [y.name], { attributes });
    return;
  }
  const data = emitter.known(weight);
  const transposed =
    data instanceof Float32Array
      ? transposedInitializer(emitter, weight.name, data, [
          staticDimension(weight, 0),
          staticDimension(weight, 1),
        ])
      : emitter.make('Transpose', [weight.name], { attributes: { perm: [1, 0] } });
  if (bias === undefined) emitter.emit('MatMul', [x.name, transposed], [y.name]);
  else emitter.emit('Add', [emitter.make('MatMul', [x.name, transposed]), bias.name], [y.name]);
};

function transposedInitializer(
  emitter: Emitter,
  name: string,
  data: Float32Array,
  [rows, columns]: readonly [number, number],
): string {
  const transposed = new Float32Array(data.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      transposed[column * rows + row] = data[row * columns + column] ?? 0;
    }
  }
  return emitter.initializer(`${name}.transposed`, 'float32', [columns, rows], transposed);
}
