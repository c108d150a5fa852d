/** Builds a micro-batch's graph from an objective's parts. */
import type { LossName } from '../../protocol/catalogue/losses.js';
import type { PoolingName } from '../../protocol/catalogue/poolings.js';
import type { EncoderConfig } from '../encoder/config.js';
import { loraSpecs, makeEncoderInputs, parameterSpecs } from '../encoder/declarations.js';
import { encode } from '../encoder/encode.js';
import type { LoraSettings } from '../encoder/lora.js';
import type { ParameterSpec } from '../encoder/parameters.js';
import { trainingWeight } from '../encoder/pooling.js';
import type { TokenWeight } from '../encoder/pooling.js';
import type { DropoutSite, EncoderScope } from '../encoder/scope.js';
import { backward } from '../graph/backward.js';
import { attentionFlops, matrixFlops } from '../graph/flops.js';
import { addInput, createGraph } from '../graph/graph.js';
import type { Graph, GraphNode, Lowering, TensorSpec, Value } from '../graph/graph.js';
import { lower, needed } from '../graph/lowering/lower.js';
import type { GraphOutput } from '../graph/lowering/lower.js';
import { encodeOnnx } from '../graph/onnxProto.js';
import { add, matMul, multiply, reduceSum, reshape } from '../graph/ops.js';
import { staticDimension } from '../graph/shapes.js';
import { attentionBiasShape } from './fillTokens.js';
import { gradientOutputs } from './gradientOutputs.js';
import type { GradientOutput } from './gradientOutputs.js';
import { usesMlmHead } from './loss.js';
import type { Loss, LossValues } from './loss.js';
import { maskedTokens } from './maskedTokens.js';
import type { ObjectiveParts } from './objective.js';
import { packGradients, unpack } from './packs.js';
import type { Pack, PackInput } from './packs.js';
import type { MicroBatchShape } from './sampling/sampler.js';

/**
 * `train`: losses and gradients; the step loss enters through its gradient with respect to the
 * embeddings. `embed`: the embeddings alone, for a step loss (under training's dropout) or to be
 * read. `evaluate`: losses, correct predictions, and the embeddings to compare.
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
  /** How the model pools; the mean, unless said otherwise. */
  readonly poolings?: readonly PoolingName[] | undefined;
  /** Parameters that the graph cuts out of packs; the others are inputs of their own. */
  readonly packs?: readonly Pack[] | undefined;
}

export interface MicroBatchGraph {
  /** A complete ONNX model. */
  readonly bytes: Uint8Array;
  /** Names of the parameters, float32 inputs under their Hugging Face names; not the packed ones. */
  readonly parameters: readonly string[];
  /** The packs that hold any of its parameters. */
  readonly packs: readonly PackInput[];
  /** Inputs of the batch (not parameters, accumulators or dropout masks). */
  readonly inputs: readonly TensorSpec[];
  readonly dropout: readonly DropoutSite[];
  /** Of the parameters that are not packed. */
  readonly gradients: readonly GradientOutput[];
  /** The objective's losses that this micro-batch has, in the objective's order. */
  readonly losses: readonly GraphLoss[];
  /**
   * float32 [batchSize * sequencesPerRow, hiddenSize], pooled and unnormalised; `null` if none are
   * compared or read.
   */
  readonly embeddings: string | null;
  /** For `fillMicroBatch`; `null` if nothing is pooled. */
  readonly tokenWeight: TokenWeight | null;
  /**
   * Floating-point operations of one run; the head counts only predicted places, padding included.
   */
  readonly flops: number;
  /** The shares of `flops`: the encoder with the losses on its output, and losses' own passes. */
  readonly passes: readonly GraphPass[];
}

export interface GraphPass {
  readonly flops: number;
  /** The part of `flops` that attention spends on pairs of tokens. */
  readonly attentionFlops: number;
  /** The loss whose pass it is; `null` for the encoder's. */
  readonly loss: Loss | null;
}

export interface GraphLoss {
  readonly loss: Loss;
  /** Output float32 [1]: the sum of weight x loss. */
  readonly output: string;
  /**
   * Output float32 [1]: sum of the weights of the targets that the model ranks first; `null` unless
   * evaluating.
   */
  readonly correct: string | null;
}

export function microBatchGraph(
  config: EncoderConfig,
  objective: ObjectiveParts,
  shape: MicroBatchShape,
  options: MicroBatchGraphOptions,
): MicroBatchGraph {
  const { purpose, lowering } = options;
  const forward = buildForward(config, objective, shape, options);
  const { graph, parameters, inputs, dropout, terms } = forward;
  const losses = terms.map(({ loss, values }) => ({
    loss,
    output: { name: `loss.${loss.name}`, value: values.loss },
    correct: purpose === 'evaluate' ? correctOutput(loss.name, values) : null,
  }));
  const embeddings =
    purpose !== 'train' && forward.compared !== null
      ? [{ name: 'embeddings', value: forward.compared }]
      : [];
  const forwardFlops = matrixFlops(graph.nodes);
  const passes = passesOf(graph, terms);
  const trained = forward.specs.filter(options.isTrained);
  const { gradients, packs, outputs } =
    purpose === 'train'
      ? differentiate(forward, trained)
      : { gradients: [], packs: forward.packs.map(withoutGradient), outputs: [] };
  const all = [
    ...losses.map(({ output }) => output),
    ...losses.flatMap(({ correct }) => correct ?? []),
    ...embeddings,
    ...outputs,
  ];
  const useful =
    trained.length === forward.specs.length
      ? 3 * forwardFlops
      : matrixFlops(needed(graph.nodes, all));
  const model = lower(graph, all, {
    lowering,
    marker: lowering === 'cpu' && purpose === 'train',
  });
  const flops = purpose === 'train' ? useful : forwardFlops;
  return {
    bytes: encodeOnnx(model),
    parameters: [...parameters.keys()].filter((name) => !forward.packed.has(name)),
    packs,
    inputs,
    dropout,
    gradients,
    losses: losses.map(({ loss, output, correct }) => ({
      loss,
      output: output.name,
      correct: correct?.name ?? null,
    })),
    embeddings: embeddings[0]?.name ?? null,
    tokenWeight: forward.tokenWeight,
    flops,
    passes: passes.map(({ flops: own, attentionFlops: pairs, loss }) => ({
      flops: flops * (own / forwardFlops),
      attentionFlops: flops * (pairs / forwardFlops),
      loss,
    })),
  };
}

/** Before differentiation, whose nodes take an equal multiple of each pass. */
function passesOf(graph: Graph, terms: readonly Term[]): GraphPass[] {
  const own = terms.filter(({ loss }) => loss.passes !== undefined);
  const taken = new Set(own.flatMap(({ nodes }) => nodes));
  const rest = graph.nodes.filter((node) => !taken.has(node));
  return [{ loss: null, nodes: rest }, ...own].map(({ loss, nodes }) => ({
    loss,
    flops: matrixFlops(nodes),
    attentionFlops: attentionFlops(nodes),
  }));
}

/** One training step of masked language modelling alone, training every parameter. */
export function maskedLmGraph(
  config: EncoderConfig,
  shape: MicroBatchShape,
  options: Pick<MicroBatchGraphOptions, 'lowering' | 'dropout' | 'packs'> & {
    purpose?: GraphPurpose;
  },
): MicroBatchGraph {
  return microBatchGraph(config, { losses: [maskedTokens], stepLoss: null }, shape, {
    purpose: 'train',
    lora: null,
    isTrained: () => true,
    ...options,
  });
}

interface Term {
  readonly loss: Loss;
  readonly values: LossValues;
  /** Those that compute it from the encoder's output. */
  readonly nodes: readonly GraphNode[];
}

interface Forward {
  readonly graph: Graph;
  readonly specs: readonly ParameterSpec[];
  readonly parameters: ReadonlyMap<string, Value>;
  /** Those of `parameters` that are cut out of `packs`. */
  readonly packed: ReadonlyMap<string, Value>;
  readonly packs: readonly Pack[];
  readonly inputs: readonly TensorSpec[];
  readonly dropout: readonly DropoutSite[];
  readonly terms: readonly Term[];
  /** [1]: a loss that carries the step loss's gradient; `null` if there is none. */
  readonly carrier: Value | null;
  /** Embeddings that the step loss compares, or that are read. */
  readonly compared: Value | null;
  readonly tokenWeight: TokenWeight | null;
}

function withoutGradient({ name }: Pack): PackInput {
  return { name, gradient: null };
}

function differentiate(
  { graph, parameters, packed, packs, terms, carrier }: Forward,
  trained: readonly ParameterSpec[],
) {
  const summands = [...terms.map(({ values }) => values.loss), ...(carrier ? [carrier] : [])];
  const [first, ...others] = summands;
  if (first === undefined) throw new Error('a micro-batch without a loss cannot be trained on');
  const loss = others.reduce((sum, term) => add(graph, sum, term), first);
  const values = trained.map(({ name }) => parameters.get(name)!);
  const contributions = [...backward(graph, loss, values)];
  const joined = packGradients(
    graph,
    packs,
    new Map(contributions.map(([, parts], i) => [trained[i]!.name, parts])),
  );
  const isPacked = (i: number): boolean => packed.has(trained[i]!.name);
  const own = gradientOutputs(graph, new Map(contributions.filter((_, i) => !isPacked(i))));
  const outputs = [...own.outputs, ...joined.outputs];
  return { gradients: own.gradients, packs: joined.inputs, outputs };
}

function correctOutput(name: LossName, { correct }: LossValues): GraphOutput | null {
  return correct === null ? null : { name: `correct.${name}`, value: correct() };
}

function buildForward(
  config: EncoderConfig,
  objective: ObjectiveParts,
  shape: MicroBatchShape,
  { purpose, dropout, lora, poolings = ['mean'], packs = [] }: MicroBatchGraphOptions,
): Forward {
  const { batchSize, sequenceLength, sequencesPerRow } = shape;
  const graph = createGraph();
  const losses = purpose === 'embed' ? [] : objective.losses.filter((loss) => loss.fits(shape));
  const specs = [
    ...parameterSpecs(config, { mlmHead: usesMlmHead(losses) }),
    ...losses.flatMap(({ parameters }) => parameters),
    ...(lora === null ? [] : loraSpecs(config, lora)),
  ];
  const { used, values: packed } = unpack(graph, packs, specs);
  const parameters = new Map(
    specs.map((spec) => [
      spec.name,
      packed.get(spec.name) ?? addInput(graph, spec.name, 'float32', spec.shape),
    ]),
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
  let sums: Value | null = null;
  let tokenWeight: TokenWeight | null = null;
  const pooled = (): Value => {
    tokenWeight ??= trainingWeight(poolings);
    const weights = [batchSize, sequencesPerRow, sequenceLength];
    sums ??= weightedSums(graph, hidden, input('poolingWeights', 'float32', weights));
    return sums;
  };
  const terms = losses.map((loss) => {
    const before = graph.nodes.length;
    const values = loss.build({ scope, shape, hidden, pooled, input });
    return { loss, values, nodes: graph.nodes.slice(before) };
  });
  const compared = objective.stepLoss === null && purpose !== 'embed' ? null : pooled();
  let carrier: Value | null = null;
  if (compared !== null && purpose === 'train') {
    const gradient = input('embeddingGradient', 'float32', [sequences, config.hiddenSize]);
    // Its gradient with respect to `compared` is the input: gradient caching (Gao et al., 2021).
    const product = reduceSum(graph, multiply(graph, compared, gradient), [0, 1], false);
    carrier = reshape(graph, product, [1]);
  }
  const shared = { graph, specs, parameters, packed, inputs, dropout: sites, terms };
  return { ...shared, packs: used, carrier, compared, tokenWeight };
}

/**
 * @param hidden [rows * tokens, width]
 * @param weights [rows, sequences, tokens]: those of a sequence at its tokens, 0 elsewhere
 * @returns [rows * sequences, width]
 */
function weightedSums(graph: Graph, hidden: Value, weights: Value): Value {
  const [rows, sequences, tokens] = weights.shape.map((_, axis) => staticDimension(weights, axis));
  const width = staticDimension(hidden, -1);
  const states = reshape(graph, hidden, [rows!, tokens!, width]);
  return reshape(graph, matMul(graph, weights, states), [rows! * sequences!, width]);
}
