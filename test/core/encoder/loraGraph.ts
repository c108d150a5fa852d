/** A golden model with low-rank products in its layers, built from the parts that objectives use. */
import { encode } from '../../../src/core/encoder/encode.js';
import { loraSpecs } from '../../../src/core/encoder/declarations.js';
import type { LoraSettings } from '../../../src/core/encoder/lora.js';
import { maskedLmHead } from '../../../src/core/encoder/maskedLmHead.js';
import type { ParameterSpec } from '../../../src/core/encoder/parameters.js';
import type { DropoutSite } from '../../../src/core/encoder/scope.js';
import { backward } from '../../../src/core/graph/backward.js';
import { decoderLoss } from '../../../src/core/graph/decoderOps.js';
import { addInput, createGraph } from '../../../src/core/graph/graph.js';
import type {
  ElementType,
  Graph,
  Lowering,
  TensorSpec,
  Value,
} from '../../../src/core/graph/graph.js';
import { lower } from '../../../src/core/graph/lowering/lower.js';
import { encodeOnnx } from '../../../src/core/graph/onnxProto.js';
import { gatherRows, linear } from '../../../src/core/graph/ops.js';
import type { OnnxModel } from '../../../src/core/graph/onnxModel.js';
import { gradientOutputs } from '../../../src/core/objectives/gradientOutputs.js';
import { maskedTokens } from '../../../src/core/objectives/maskedTokens.js';
import type { MicroBatchGraph } from '../../../src/core/objectives/microBatchGraph.js';
import { formula, roberta } from '../objectives/golden.js';
import type { Reference } from '../objectives/golden.js';

export function adaptedSpecs(
  lora: LoraSettings | null,
  { config, specs }: Reference = roberta,
): ParameterSpec[] {
  return [...specs, ...(lora === null ? [] : loraSpecs(config, lora))];
}

/** The formula of make_lora.py: factors are numbered after the parameters of the model. */
export function adaptedParameters(
  lora: LoraSettings,
  { config, specs, goldenParameters }: Reference = roberta,
): Map<string, Float32Array> {
  const factors = loraSpecs(config, lora).sort((a, b) => (a.name < b.name ? -1 : 1));
  const values = factors.map((spec, i) => formula(spec, specs.length + i));
  return new Map([
    ...goldenParameters(),
    ...factors.map(({ name }, i) => [name, values[i]!] as const),
  ]);
}

export interface AdaptedForward {
  readonly graph: Graph;
  readonly parameters: ReadonlyMap<string, Value>;
  readonly inputs: readonly TensorSpec[];
  readonly dropout: readonly DropoutSite[];
  readonly loss: Value;
  /** [predictions, vocabularySize] */
  readonly logits: Value;
}

export function adaptedForward(
  lora: LoraSettings | null,
  dropout: DropoutSite[] | null,
  reference: Reference = roberta,
): AdaptedForward {
  const { config, batchSize: batch, sequenceLength: sequence, shape } = reference;
  const graph = createGraph();
  const parameters = new Map(
    adaptedSpecs(lora, reference).map((spec) => [
      spec.name,
      addInput(graph, spec.name, 'float32', spec.shape),
    ]),
  );
  const inputs: TensorSpec[] = [];
  const input = (name: string, dtype: ElementType, dimensions: readonly number[]): Value => {
    inputs.push({ name, dtype, shape: dimensions });
    return addInput(graph, name, dtype, dimensions);
  };
  const parameter = (name: string): Value => parameters.get(name)!;
  const scope = { graph, config, batch, sequence, parameter, dropout, lora };
  const hidden = encode(scope, {
    inputIds: input('inputIds', 'int32', [batch * sequence]),
    positionIds: input('positionIds', 'int32', [batch * sequence]),
    tokenTypeIds: input('tokenTypeIds', 'int32', [batch * sequence]),
    attentionBias: input('attentionBias', 'float32', [batch, 1, 1, sequence]),
  });
  const rows = input('predictionRows', 'int32', [shape.predictions]);
  const head = maskedLmHead(scope, gatherRows(graph, hidden, rows));
  const labels = input('labels', 'int32', [shape.predictions]);
  const weights = input('labelWeights', 'float32', [shape.predictions]);
  const loss = decoderLoss(graph, { ...head, labels, weights });
  const logits = linear(graph, head.hidden, head.weight, head.bias);
  return { graph, parameters, inputs, dropout: dropout ?? [], loss, logits };
}

/** A graph with the gradients of `trained` alone, and the ONNX model that it was written as. */
export function adaptedTraining(
  lora: LoraSettings,
  trained: readonly ParameterSpec[],
  options: { readonly lowering: Lowering; readonly dropout: boolean },
  reference: Reference = roberta,
): MicroBatchGraph & { readonly model: OnnxModel } {
  const forward = adaptedForward(lora, options.dropout ? [] : null, reference);
  const { graph, parameters, loss } = forward;
  const wanted = trained.map(({ name }) => parameters.get(name)!);
  const { gradients, outputs } = gradientOutputs(graph, backward(graph, loss, wanted));
  const model = lower(graph, [{ name: 'loss.mlm', value: loss }, ...outputs], {
    lowering: options.lowering,
    marker: options.lowering === 'cpu',
  });
  return {
    model,
    bytes: encodeOnnx(model),
    parameters: [...parameters.keys()],
    packs: [],
    inputs: forward.inputs,
    dropout: forward.dropout,
    gradients,
    losses: [{ loss: maskedTokens, output: 'loss.mlm', correct: null }],
    passes: [],
    embeddings: null,
    tokenWeight: null,
    flops: 0,
  };
}
