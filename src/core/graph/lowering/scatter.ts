/** Adding rows to those of a matrix, where rows repeat. */
import { onnxElementTypes } from '../onnxModel.js';
import { staticShape } from '../shapes.js';
import type { Emitter, LowerRule } from './emitter.js';

/**
 * ScatterElements with expanded rows: slower than ScatterND, whose additions race on the CPU
 * provider and lose updates when rows repeat.
 */
export const scatterElementsRule: LowerRule<'scatterAddRows'> = (emitter, node) => {
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

/**
 * Without a reduction in the scatter, which may lose updates of repeated rows, or add them in an
 * order of its own: a product with the matrix of equal rows first gives every place the total of its
 * row, so that repeated rows write the same values. For n rows it costs n * n * width operations,
 * which is little next to an encoder's step.
 */
export const addRowsRule: LowerRule<'addRows'> = (emitter, { inputs, outputs: [y] }) => {
  const [base, updates, rows] = inputs;
  scatterTotals(
    emitter,
    base.name,
    { updates: updates.name, rows: rows.name },
    y.name,
    staticShape(updates),
  );
};

/** The same as additions to zeros. */
export const scatterTotalsRule: LowerRule<'scatterAddRows'> = (emitter, node) => {
  const [updates, rows] = node.inputs;
  const [y] = node.outputs;
  const zeros = emitter.make('Expand', [emitter.float(0), emitter.integers(staticShape(y))]);
  scatterTotals(
    emitter,
    zeros,
    { updates: updates.name, rows: rows.name },
    y.name,
    staticShape(updates),
  );
};

function scatterTotals(
  { make, emit, integers }: Emitter,
  base: string,
  { updates, rows }: { readonly updates: string; readonly rows: string },
  output: string,
  shape: readonly number[],
): void {
  const [count = 0] = shape;
  const column = make('Reshape', [rows, integers([count, 1])]);
  const equal = make('Equal', [column, make('Reshape', [rows, integers([1, count])])]);
  const same = make('Cast', [equal], { attributes: { to: onnxElementTypes.float32 } });
  const totals = make('MatMul', [same, updates]);
  const before = make('Gather', [base, rows], { attributes: { axis: 0 } });
  const indices = make('Expand', [column, integers(shape)]);
  const after = make('Add', [before, totals]);
  emit('ScatterElements', [base, indices, after], [output], { attributes: { axis: 0 } });
}
