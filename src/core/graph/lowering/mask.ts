/** Values that serving graphs derive from an attention mask [batch, sequence]. */
import { onnxElementTypes } from '../onnxModel.js';
import type { LowerRule } from './emitter.js';

/** Finite in fp16 too. */
export const maskedBias = -1e4;

/**
 * Counts in float32, which is exact far beyond any sequence length; not every device has an integer
 * CumSum.
 */
export const positionsFromMaskRule: LowerRule<'positionsFromMask'> = (emitter, node) => {
  const { make, float } = emitter;
  const { paddingIndex } = node.attributes;
  const mask = make('Cast', [node.inputs[0].name], {
    attributes: { to: onnxElementTypes.float32 },
  });
  const axis = emitter.integers([1]);
  const ones = (): string => make('Add', [make('Mul', [mask, float(0)]), float(1)]);
  const offset =
    paddingIndex === null
      ? make('Sub', [make('CumSum', [ones(), axis]), float(1)])
      : make('Add', [make('Mul', [make('CumSum', [mask, axis]), mask]), float(paddingIndex)]);
  emitter.emit('Cast', [offset], [node.outputs[0].name], {
    attributes: { to: onnxElementTypes.int32 },
  });
};

export const biasFromMaskRule: LowerRule<'biasFromMask'> = (emitter, node) => {
  const { make, float } = emitter;
  const mask = make('Cast', [node.inputs[0].name], {
    attributes: { to: onnxElementTypes.float32 },
  });
  const bias = make('Mul', [make('Sub', [float(1), mask]), float(maskedBias)]);
  emitter.emit('Reshape', [bias, emitter.integers([0, 1, 1, -1])], [node.outputs[0].name]);
};
