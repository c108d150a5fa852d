/** A model with a marker output and a known answer: y = x + x. */
import { addInput, createGraph } from './graph.js';
import { lower } from './lowering/lower.js';
import { encodeOnnx } from './onnxProto.js';
import { add } from './ops.js';

export const markerProbe = {
  input: 'x',
  output: 'y',
  expected: [2, 4, 6],
  bytes(): Uint8Array {
    const graph = createGraph();
    const x = addInput(graph, 'x', 'float32', [3]);
    const outputs = [{ name: 'y', value: add(graph, x, x) }];
    return encodeOnnx(lower(graph, outputs, { lowering: 'cpu', marker: true }));
  },
} as const;
