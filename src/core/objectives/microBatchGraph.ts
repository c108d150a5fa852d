/** The graph of a micro-batch, from the parts that an objective names. */
import type { EncoderConfig } from '../encoder/config.js';
import { encode } from '../encoder/encode.js';
import { loraSpecs, makeEncoderInputs, parameterSpecs } from '../encoder/declarations.js';
import type { LoraSettings } from '../encoder/lora.js';
import { maskedLmHead } from '../encoder/maskedLmHead.js';
import type { ParameterSpec } from '../encoder/parameters.js';
import type { DropoutSite, EncoderScope } from '../encoder/scope.js';
import { backward } from '../graph/backward.js';
import { decoderCorrect, decoderLoss } from '../graph/decoderOps.js';
import { attentionFlops, matrixFlops } from '../graph/flops.js';
import { addInput, createGraph } from '../graph/graph.js';
import type { Graph, Lowering, Value } from '../graph/graph.js';
import { lower, needed } from '../graph/lowering/lower.js';
import type { GraphOutput } from '../graph/lowering/lower.js';
import { encodeOnnx } from '../graph/onnxProto.js';
import { add, gatherRows, matMul, multiply, reduceSum, reshape } from '../graph/ops.js';
import { staticDimension } from '../graph/shapes.js';
import { attentionBiasShape } from './fillMicroBatch.js';
import { gradientOutputs } from './gradientOutputs.js';
import type {
  LossName,
  MicroBatchGraph,
  MicroBatchShape,
  Objective,
  TensorSpec,
} from './objective.js';

/**
 * `train`: losses and gradients; the step loss enters by its gradient of the embeddings.
 * `embed`: the embeddings that the step loss compares, under the same dropout.
 * `evaluate`: losses, what is predicted right, and embeddings.
 */
export type GraphPurpose = 'train' | 'embed' | 'evaluate';

export interface MicroBatchGraphOptions {
  readonly purpose: GraphPurpose;
  readonly lowering: Lowering;
  /** Without dropout there are no mask inputs. */
  readonly dropout: boolean;
  readonly lora: LoraSettings | null;
  /** Whether a parameter gets a gradient. */
  readonly isTrained: (spec: ParameterSpec) => boolean;
}

/** The parts of an objective that its graphs are made of. */
export type ObjectiveParts = Pick<Objective, 'headSpecs' | 'sequenceLoss' | 'stepLoss'>;

export function microBatchGraph(
  config: EncoderConfig,
  objective: ObjectiveParts,
  shape: MicroBatchShape,
  options: MicroBatchGraphOptions,
): MicroBatchGraph {
  const { purpose, lowering } = options;
  const forward = buildForward(config, objective, shape, options);
  const { graph, parameters, inputs, dropout, terms } = forward;
  const losses = terms.flatMap(({ name, loss }) => (name === null ? [] : [{ name, loss }]));
  const lossOutputs = losses.map(({ name, loss }) => ({ name: `loss.${name}`, value: loss }));
  const correct = purpose === 'evaluate' ? correctOutputs(forward) : [];
  const embeddings =
    purpose !== 'train' && forward.pooled !== null
      ? [{ name: 'embeddings', value: forward.pooled }]
      : [];
  const forwardFlops = matrixFlops(graph);
  const attentionShare = attentionFlops(graph) / forwardFlops;
  const trained = forward.specs.filter(options.isTrained);
  const { gradients, outputs } =
    purpose === 'train' ? differentiate(forward, trained) : { gradients: [], outputs: [] };
  const all = [...lossOutputs, ...correct, ...embeddings, ...outputs];
  const useful =
    trained.length === forward.specs.length
      ? 3 * forwardFlops
      : matrixFlops(graph, needed(graph.nodes, all));
  const model = lower(graph, all, {
    lowering,
    marker: lowering === 'cpu' && purpose === 'train',
  });
  const flops = purpose === 'train' ? useful : forwardFlops;
  return {
    bytes: encodeOnnx(model),
    parameters: [...parameters.keys()],
    inputs,
    dropout,
    gradients,
    losses: Object.fromEntries(losses.map(({ name }) => [name, `loss.${name}`])),
    correct: Object.fromEntries(correct.map(({ name }) => [name.slice('correct.'.length), name])),
    embeddings: embeddings[0]?.name ?? null,
    flops,
    attentionFlops: flops * attentionShare,
  };
}

/** One training step of masked language modelling alone, every parameter trained. */
export function maskedLmGraph(
  config: EncoderConfig,
  shape: MicroBatchShape,
  options: Pick<MicroBatchGraphOptions, 'lowering' | 'dropout'> & { purpose?: GraphPurpose },
): MicroBatchGraph {
  const parts = { headSpecs: [], sequenceLoss: null, stepLoss: null };
  return microBatchGraph(config, parts, shape, {
    purpose: 'train',
    lora: null,
    isTrained: () => true,
    ...options,
  });
}

/** A summand of the loss; the step loss enters without a name of its own. */
interface Term {
  readonly name: LossName | null;
  readonly loss: Value;
  readonly correct: (() => Value) | null;
}

interface Forward {
  readonly graph: Graph;
  readonly specs: readonly ParameterSpec[];
  readonly parameters: ReadonlyMap<string, Value>;
  readonly inputs: readonly TensorSpec[];
  readonly dropout: readonly DropoutSite[];
  readonly terms: readonly Term[];
  readonly pooled: Value | null;
}

function differentiate({ graph, parameters, terms }: Forward, trained: readonly ParameterSpec[]) {
  const [first, ...others] = terms.map(({ loss }) => loss);
  if (first === undefined) throw new Error('a micro-batch without a loss cannot be trained on');
  const loss = others.reduce((sum, term) => add(graph, sum, term), first);
  const values = trained.map(({ name }) => parameters.get(name)!);
  return gradientOutputs(graph, backward(graph, loss, values));
}

function correctOutputs({ terms }: Forward): GraphOutput[] {
  return terms.flatMap(({ name, correct }) =>
    name === null || correct === null ? [] : [{ name: `correct.${name}`, value: correct() }],
  );
}

function buildForward(
  config: EncoderConfig,
  objective: ObjectiveParts,
  shape: MicroBatchShape,
  { purpose, dropout, lora }: MicroBatchGraphOptions,
): Forward {
  const { batchSize, sequenceLength, sequencesPerRow, predictions } = shape;
  const graph = createGraph();
  const predicts = predictions > 0 && purpose !== 'embed';
  const sequenceLoss = purpose === 'embed' ? null : objective.sequenceLoss;
  const specs = [
    ...parameterSpecs(config, { mlmHead: predicts }),
    ...(sequenceLoss === null ? [] : objective.headSpecs),
    ...(lora === null ? [] : loraSpecs(config, lora)),
  ];
  const parameters = new Map(
    specs.map((spec) => [spec.name, addInput(graph, spec.name, 'float32', spec.shape)]),
  );
  const inputs: TensorSpec[] = [];
  const input = (name: string, dtype: TensorSpec['dtype'], size: readonly number[]): Value => {
    inputs.push({ name, dtype, shape: size });
    return addInput(graph, name, dtype, size);
  };
  const sites: DropoutSite[] = [];
  const scope: EncoderScope = {
    graph,
    config,
    batch: batchSize,
    sequence: sequenceLength,
    dropout: dropout ? sites : null,
    lora,
    parameter(name) {
      const value = parameters.get(name);
      if (value === undefined) throw new Error(`the encoder has no parameter "${name}"`);
      return value;
    },
  };

  const tokens = [batchSize * sequenceLength];
  const sequences = batchSize * sequencesPerRow;
  const read = makeEncoderInputs(config, {
    inputIds: () => input('inputIds', 'int32', tokens),
    positionIds: () => input('positionIds', 'int32', tokens),
    tokenTypeIds: () => input('tokenTypeIds', 'int32', tokens),
    attentionBias: () => input('attentionBias', 'float32', attentionBiasShape(shape)),
  });
  const hidden = encode(scope, read);
  const terms: Term[] = [];
  if (predicts) {
    const places = input('predictionRows', 'int32', [predictions]);
    const decoder = {
      ...maskedLmHead(scope, gatherRows(graph, hidden, places)),
      labels: input('labels', 'int32', [predictions]),
      weights: input('labelWeights', 'float32', [predictions]),
    };
    const loss = decoderLoss(graph, decoder);
    terms.push({ name: 'mlm', loss, correct: () => decoderCorrect(graph, decoder) });
  }
  const isPooled = sequenceLoss !== null || objective.stepLoss !== null;
  const pooled = isPooled
    ? meanOver(
        graph,
        hidden,
        input('poolingWeights', 'float32', [batchSize, sequencesPerRow, sequenceLength]),
      )
    : null;
  if (pooled !== null && sequenceLoss !== null) {
    const labels = input('categories', 'int32', [sequences]);
    const weights = input('categoryWeights', 'float32', [sequences]);
    terms.push({ name: sequenceLoss.name, ...sequenceLoss.build(scope, pooled, labels, weights) });
  }
  if (pooled !== null && objective.stepLoss !== null && purpose === 'train') {
    const gradient = input('embeddingGradient', 'float32', [sequences, config.hiddenSize]);
    // Its gradient by `pooled` is what came in: gradient caching (Gao et al., 2021).
    const product = reduceSum(graph, multiply(graph, pooled, gradient), [0, 1], false);
    terms.push({ name: null, loss: reshape(graph, product, [1]), correct: null });
  }
  return { graph, specs, parameters, inputs, dropout: sites, terms, pooled };
}

/**
 * @param hidden [rows * tokens, width]
 * @param weights [rows, sequences, tokens], 1 / its tokens at the tokens of a sequence, and 0 elsewhere
 * @returns [rows * sequences, width]
 */
function meanOver(graph: Graph, hidden: Value, weights: Value): Value {
  const [rows, sequences, tokens] = weights.shape.map((_, axis) => staticDimension(weights, axis));
  const width = staticDimension(hidden, -1);
  const states = reshape(graph, hidden, [rows!, tokens!, width]);
  return reshape(graph, matMul(graph, weights, states), [rows! * sequences!, width]);
}
