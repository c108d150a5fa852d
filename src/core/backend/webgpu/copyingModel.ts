import { encodeOnnx } from '../../graph/onnxProto.js';

/** A model that copies a float32 tensor of this many axes from `given` to `copy`. */
export function copyingModel(axes: number): Uint8Array {
  const shape = Array.from({ length: axes }, (_, axis) => `size${axis}`);
  return encodeOnnx({
    opset: 20,
    inputs: [{ name: 'given', dtype: 'float32', shape }],
    outputs: [{ name: 'copy', dtype: 'float32', shape }],
    initializers: [],
    nodes: [
      { opType: 'Identity', domain: '', inputs: ['given'], outputs: ['copy'], attributes: {} },
    ],
  });
}
