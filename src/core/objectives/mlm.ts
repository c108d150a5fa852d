/**
 * Masked language modelling: predicts the tokens at masked positions. The head sees those positions
 * only, and no one-hot of the vocabulary is ever made.
 */
import type { EncoderConfig } from '../encoder/config.js';
import { encode } from '../encoder/encode.js';
import { maskedLmHead } from '../encoder/maskedLmHead.js';
import { parameterSpecs } from '../encoder/parameters.js';
import type { EncoderScope } from '../encoder/scope.js';
import { backward } from '../graph/backward.js';
import { decoderCorrect, decoderLoss } from '../graph/decoderOps.js';
import type { DecoderInputs } from '../graph/decoderOps.js';
import { matrixFlops } from '../graph/flops.js';
import { addInput, createGraph } from '../graph/graph.js';
import type { Graph, Value } from '../graph/graph.js';
import { lower } from '../graph/lowering/lower.js';
import { encodeOnnx } from '../graph/onnxProto.js';
import { gatherRows } from '../graph/ops.js';
import { gradientOutputs } from './gradientOutputs.js';
import type {
  DropoutSite,
  EvaluationGraph,
  GraphOptions,
  MicroBatchShape,
  Objective,
  TensorSpec,
  TrainingGraph,
} from './objective.js';

const lossOutput = 'loss.mlm';
const correctOutput = 'correct.mlm';

export const mlm: Objective = { name: 'mlm', trainingGraph, evaluationGraph };

function trainingGraph(
  config: EncoderConfig,
  shape: MicroBatchShape,
  { lowering, dropout }: GraphOptions,
): TrainingGraph {
  const forward = buildForward(config, shape, dropout ? [] : null);
  const { graph, parameters } = forward;
  const loss = decoderLoss(graph, forward.decoder);
  const flops = 3 * matrixFlops(graph);
  const contributions = backward(graph, loss, [...parameters.values()]);
  const { gradients, outputs } = gradientOutputs(graph, contributions);
  const model = lower(graph, [{ name: lossOutput, value: loss }, ...outputs], {
    lowering,
    marker: lowering === 'cpu',
  });
  return {
    bytes: encodeOnnx(model),
    parameters: [...parameters.keys()],
    inputs: forward.inputs,
    dropout: forward.dropout,
    gradients,
    losses: { mlm: lossOutput },
    flops,
  };
}

function evaluationGraph(config: EncoderConfig, shape: MicroBatchShape): EvaluationGraph {
  const { graph, parameters, decoder, inputs } = buildForward(config, shape, null);
  const outputs = [
    { name: lossOutput, value: decoderLoss(graph, decoder) },
    { name: correctOutput, value: decoderCorrect(graph, decoder) },
  ];
  return {
    bytes: encodeOnnx(lower(graph, outputs, { lowering: 'cpu', marker: false })),
    parameters: [...parameters.keys()],
    inputs,
    losses: { mlm: lossOutput },
    correct: correctOutput,
  };
}

interface Forward {
  readonly graph: Graph;
  readonly parameters: ReadonlyMap<string, Value>;
  readonly inputs: readonly TensorSpec[];
  readonly dropout: readonly DropoutSite[];
  readonly decoder: DecoderInputs;
}

function buildForward(
  config: EncoderConfig,
  { batchSize, sequenceLength, predictions }: MicroBatchShape,
  dropout: DropoutSite[] | null,
): Forward {
  const graph = createGraph();
  const parameters = new Map(
    parameterSpecs(config, { mlmHead: true }).map(({ name, shape }) => [
      name,
      addInput(graph, name, 'float32', shape),
    ]),
  );
  const inputs: TensorSpec[] = [];
  const input = (name: string, dtype: TensorSpec['dtype'], shape: readonly number[]): Value => {
    inputs.push({ name, dtype, shape });
    return addInput(graph, name, dtype, shape);
  };
  const parameter = (name: string): Value => {
    const value = parameters.get(name);
    if (value === undefined) throw new Error(`the encoder has no parameter "${name}"`);
    return value;
  };

  const tokens = [batchSize * sequenceLength];
  const scope: EncoderScope = {
    graph,
    config,
    batch: batchSize,
    sequence: sequenceLength,
    parameter,
    dropout,
    lora: null,
  };
  const hidden = encode(scope, {
    inputIds: input('inputIds', 'int32', tokens),
    positionIds: input('positionIds', 'int32', tokens),
    tokenTypeIds: input('tokenTypeIds', 'int32', tokens),
    attentionBias: input('attentionBias', 'float32', [batchSize, 1, 1, sequenceLength]),
  });
  const masked = gatherRows(graph, hidden, input('predictionRows', 'int32', [predictions]));
  const decoder = {
    ...maskedLmHead(scope, masked),
    labels: input('labels', 'int32', [predictions]),
    weights: input('labelWeights', 'float32', [predictions]),
  };
  return { graph, parameters, inputs, dropout: dropout ?? [], decoder };
}
