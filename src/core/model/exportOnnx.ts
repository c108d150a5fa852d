/** Exports a model as an ONNX file that embeds text, for us and for any other ONNX runtime. */
import type { EncoderConfig } from '../encoder/config.js';
import { encode } from '../encoder/encode.js';
import { makeEncoderInputs, parameterSpecs } from '../encoder/declarations.js';
import { paddingPosition } from '../encoder/positions.js';
import type { EncoderScope } from '../encoder/scope.js';
import { addInitializer, addInput, createGraph } from '../graph/graph.js';
import type { Graph, Lowering, Value } from '../graph/graph.js';
import { lower } from '../graph/lowering/lower.js';
import { biasFromMask, pointwise, poolOverMask, positionsFromMask } from '../graph/maskOps.js';
import { encodeOnnx } from '../graph/onnxProto.js';
import { linear } from '../graph/ops.js';
import { l2Normalise } from '../graph/rowOps.js';
import { activations, endsNormalised, meanEmbedding } from './sentenceEmbedding.js';
import type { LoadedDenseLayer, LoadedSentence } from './sentenceEmbedding.js';

export interface ExportOptions {
  readonly lowering: Lowering;
  /** How it embeds a text; without it, as the mean over the tokens. */
  readonly sentence?: LoadedSentence;
}

/** Names of the inputs and outputs that are ours, not Hugging Face's. */
export const onnxNames = {
  poolingMask: 'pooling_mask',
  sentence: 'sentence_embedding',
  unnormalised: 'unnormalised_embedding',
} as const;

/**
 * Inputs `input_ids` and `attention_mask` [batch, sequence], both sizes dynamic: int64 as in
 * Hugging Face's exports, or int32 for WebGPU, which has no int64. Where prompts are not pooled,
 * also `pooling_mask` of the same shape: the attention mask without the tokens of the prompt.
 *
 * Outputs `last_hidden_state` [batch, sequence, hidden] and `sentence_embedding` [batch, width],
 * after all the model's layers. Where the last of these normalises, `unnormalised_embedding` is the
 * vector before it.
 */
export function exportOnnx(
  config: EncoderConfig,
  parameters: ReadonlyMap<string, Float32Array>,
  { lowering, sentence = meanEmbedding(config) }: ExportOptions,
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
  const poolingMask = sentence.includePrompt
    ? attentionMask
    : addInput(graph, onnxNames.poolingMask, dtype, shape);
  const vectors = [poolOverMask(graph, hidden, poolingMask, sentence.poolings)];
  for (const [i, layer] of sentence.layers.entries()) {
    const last = vectors.at(-1)!;
    vectors.push(layer.kind === 'dense' ? dense(graph, layer, i, last) : l2Normalise(graph, last));
  }
  const outputs = [
    { name: 'last_hidden_state', value: hidden },
    { name: onnxNames.sentence, value: vectors.at(-1)! },
    ...(endsNormalised(sentence.layers)
      ? [{ name: onnxNames.unnormalised, value: vectors.at(-2)! }]
      : []),
  ];
  // Always written in standard ONNX ops, which every runtime supports; `lowering` has only selected
  // the input type.
  return encodeOnnx(lower(graph, outputs, { lowering: 'webgpu', marker: false }));
}

function dense(graph: Graph, layer: LoadedDenseLayer, i: number, x: Value): Value {
  const { inFeatures, outFeatures, weight, bias } = layer;
  const parameter = (name: string, shape: readonly number[], data: Float32Array): Value =>
    addInitializer(graph, `layers.${i}.${name}`, 'float32', shape, data);
  const y = linear(
    graph,
    x,
    parameter('weight', [outFeatures, inFeatures], weight),
    parameter('bias', [outFeatures], bias ?? new Float32Array(outFeatures)),
  );
  const { pointwise: name } = activations[layer.activation];
  return name === null ? y : pointwise(graph, name, y);
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
