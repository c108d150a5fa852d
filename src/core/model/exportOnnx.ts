/** Exports a model as an ONNX file that embeds text, for us and for any other ONNX runtime. */
import type { EncoderConfig } from '../encoder/config.js';
import { encode } from '../encoder/encode.js';
import { makeEncoderInputs, parameterSpecs } from '../encoder/declarations.js';
import { meanPooling } from '../encoder/pooling.js';
import { paddingPosition } from '../encoder/positions.js';
import type { EncoderScope } from '../encoder/scope.js';
import { addInitializer, addInput, createGraph } from '../graph/graph.js';
import type { Graph, Lowering, Value } from '../graph/graph.js';
import { lower } from '../graph/lowering/lower.js';
import { biasFromMask, positionsFromMask } from '../graph/maskOps.js';
import { encodeOnnx } from '../graph/onnxProto.js';

export interface ExportOptions {
  readonly lowering: Lowering;
}

/**
 * Inputs `input_ids` and `attention_mask` [batch, sequence], both sizes dynamic: int64 as in
 * Hugging Face's exports, or int32 for WebGPU, which has no int64. Outputs `last_hidden_state`
 * [batch, sequence, hidden] and `sentence_embedding` [batch, hidden], the unnormalised mean over
 * the attention mask.
 */
export function exportOnnx(
  config: EncoderConfig,
  parameters: ReadonlyMap<string, Float32Array>,
  { lowering }: ExportOptions,
): Uint8Array {
  const graph = createGraph();
  const dtype = lowering === 'webgpu' ? 'int32' : 'int64';
  const shape = ['batch', 'sequence'];
  const inputIds = addInput(graph, 'input_ids', dtype, shape);
  const attentionMask = addInput(graph, 'attention_mask', dtype, shape);
  const values = encoderInitializers(graph, config, parameters);
  const scope: EncoderScope = {
    graph,
    config,
    batch: 'batch',
    sequence: 'sequence',
    dropout: null,
    lora: null,
    parameter(name) {
      const value = values.get(name);
      if (value === undefined) throw new Error(`the encoder has no parameter "${name}"`);
      return value;
    },
  };
  const inputs = makeEncoderInputs(config, {
    inputIds: () => inputIds,
    positionIds: () => positionsFromMask(graph, attentionMask, paddingPosition(config)),
    // One type for all tokens: a single row, broadcast over positions.
    tokenTypeIds: () => addInitializer(graph, 'token_type', 'int32', [1], Int32Array.of(0)),
    attentionBias: () => biasFromMask(graph, attentionMask),
  });
  const hidden = encode(scope, inputs);
  const outputs = [
    { name: 'last_hidden_state', value: hidden },
    { name: 'sentence_embedding', value: meanPooling(graph, hidden, attentionMask) },
  ];
  // Always written in standard ONNX ops, which every runtime supports; `lowering` has only selected
  // the input type.
  return encodeOnnx(lower(graph, outputs, { lowering: 'webgpu', marker: false }));
}

function encoderInitializers(
  graph: Graph,
  config: EncoderConfig,
  parameters: ReadonlyMap<string, Float32Array>,
): Map<string, Value> {
  return new Map(
    parameterSpecs(config, { mlmHead: false }).map(({ name, shape }) => {
      const data = parameters.get(name);
      const count = shape.reduce((product, size) => product * size, 1);
      if (data?.length !== count) throw new Error(`the parameter "${name}" does not fit`);
      return [name, addInitializer(graph, name, 'float32', shape, data)];
    }),
  );
}
