/**
 * A graph is data: nodes in execution order over typed values. It uses its own small set of ops
 * (`Operations`), which `lowering` translates to ONNX for a device.
 */
import type { PoolingName } from '../../protocol/catalogue/poolings.js';

export type ElementType = 'float32' | 'int32' | 'int64' | 'uint8';

/** The device family whose ops a graph is lowered to. */
export type Lowering = 'cpu' | 'webgpu';

/** A string names a size that is only known at run time ("batch"). */
export type Dimension = number | string;

export interface Value {
  readonly name: string;
  readonly dtype: ElementType;
  readonly shape: readonly Dimension[];
}

/** An input or output of a graph, with all sizes known. */
export interface TensorSpec {
  readonly name: string;
  readonly dtype: ElementType;
  readonly shape: readonly number[];
}

export type TensorData = Float32Array | Int32Array | BigInt64Array | Uint8Array;

type None = Readonly<Record<string, never>>;

/** Every op with its attributes, inputs and outputs; `ops.ts` documents what each computes. */
export interface Operations {
  add: { attributes: None; inputs: [a: Value, b: Value]; outputs: [Value] };
  subtract: { attributes: None; inputs: [a: Value, b: Value]; outputs: [Value] };
  multiply: { attributes: None; inputs: [a: Value, b: Value]; outputs: [Value] };
  divide: { attributes: None; inputs: [a: Value, b: Value]; outputs: [Value] };
  exponential: { attributes: None; inputs: [x: Value]; outputs: [Value] };
  softmax: { attributes: None; inputs: [x: Value]; outputs: [Value] };
  logSumExp: { attributes: None; inputs: [x: Value]; outputs: [Value] };
  l2Normalise: { attributes: None; inputs: [x: Value]; outputs: [y: Value, inverseNorm: Value] };
  gelu: { attributes: None; inputs: [x: Value]; outputs: [Value] };
  geluGradient: { attributes: None; inputs: [x: Value, dy: Value]; outputs: [Value] };
  geluTanh: { attributes: None; inputs: [x: Value]; outputs: [Value] };
  geluTanhGradient: { attributes: None; inputs: [x: Value, dy: Value]; outputs: [Value] };
  relu: { attributes: None; inputs: [x: Value]; outputs: [Value] };
  reluGradient: { attributes: None; inputs: [x: Value, dy: Value]; outputs: [Value] };
  silu: { attributes: None; inputs: [x: Value]; outputs: [Value] };
  siluGradient: { attributes: None; inputs: [x: Value, dy: Value]; outputs: [Value] };
  layerNorm: {
    attributes: { readonly epsilon: number };
    inputs: [x: Value, gamma: Value, beta?: Value];
    outputs: [y: Value, mean: Value, inverseDeviation: Value];
  };
  linear: {
    attributes: None;
    inputs: [x: Value, weight: Value, bias?: Value];
    outputs: [Value];
  };
  matMul: { attributes: MatMulAttributes; inputs: [a: Value, b: Value]; outputs: [Value] };
  matMulAdd: {
    attributes: MatMulAttributes;
    inputs: [a: Value, b: Value, c: Value];
    outputs: [Value];
  };
  attention: {
    attributes: { readonly scale: number };
    inputs: [query: Value, key: Value, value: Value, bias: Value, dropout?: Value];
    /** `kept` is the probabilities after dropout; without dropout, the same value. */
    outputs: [context: Value, probabilities: Value, kept: Value];
  };
  tileBiases: {
    attributes: QueryTiles & { readonly span: number };
    inputs: [positions: Value, bias: Value];
    outputs: Value[];
  };
  tiledAttention: {
    attributes: QueryTiles & { readonly scale: number; readonly span: number | null };
    /** One bias, or one for each tile if there is a span. */
    inputs: [query: Value, key: Value, value: Value, ...biases: Value[]];
    outputs: [Value];
  };
  distanceBias: {
    attributes: { readonly span: number; readonly sequence: number };
    inputs: [];
    outputs: [Value];
  };
  rotate: {
    attributes: { readonly inverse: boolean };
    inputs: [x: Value, cosine: Value, sine: Value];
    outputs: [Value];
  };
  relativeBias: {
    attributes: RelativeAttributes;
    inputs: [table: Value, attentionBias: Value];
    outputs: [Value];
  };
  relativeBiasGradient: { attributes: RelativeAttributes; inputs: [dy: Value]; outputs: [Value] };
  reshape: { attributes: None; inputs: [x: Value]; outputs: [Value] };
  transpose: {
    attributes: { readonly permutation: readonly number[] };
    inputs: [x: Value];
    outputs: [Value];
  };
  concat: { attributes: None; inputs: Value[]; outputs: [Value] };
  slice: {
    attributes: { readonly axis: number; readonly start: number; readonly end: number };
    inputs: [x: Value];
    outputs: [Value];
  };
  pad: {
    attributes: { readonly axis: number; readonly before: number; readonly after: number };
    inputs: [x: Value];
    outputs: [Value];
  };
  reduceSum: {
    attributes: { readonly axes: readonly number[]; readonly keepDimensions: boolean };
    inputs: [x: Value];
    outputs: [Value];
  };
  gatherRows: { attributes: None; inputs: [table: Value, rows: Value]; outputs: [Value] };
  scatterAddRows: {
    attributes: { readonly height: number };
    inputs: [updates: Value, rows: Value];
    outputs: [Value];
  };
  addRows: {
    attributes: None;
    inputs: [base: Value, updates: Value, rows: Value];
    outputs: [Value];
  };
  decoderLoss: {
    attributes: { readonly chunks: readonly RowRange[] };
    inputs: [hidden: Value, weight: Value, bias: Value, labels: Value, weights: Value];
    /** Log-probabilities, kept for the gradient if there is a single chunk. */
    outputs: [loss: Value, logProbabilities?: Value];
  };
  decoderCorrect: {
    attributes: { readonly chunks: readonly RowRange[] };
    inputs: [hidden: Value, weight: Value, bias: Value, labels: Value, weights: Value];
    outputs: [correct: Value];
  };
  positionsFromMask: {
    attributes: { readonly paddingIndex: number | null };
    inputs: [mask: Value];
    outputs: [Value];
  };
  biasFromMask: { attributes: None; inputs: [mask: Value]; outputs: [Value] };
  poolOverMask: {
    attributes: { readonly poolings: readonly PoolingName[] };
    inputs: [x: Value, mask: Value];
    outputs: [Value];
  };
  pointwise: {
    attributes: { readonly name: PointwiseName };
    inputs: [x: Value];
    outputs: [Value];
  };
}

export interface RelativeAttributes {
  readonly bucketOf: readonly number[];
}

/** Functions of a single number, named as ONNX names them. */
export type PointwiseName = 'Gelu' | 'Relu' | 'Sigmoid' | 'Tanh';

export interface MatMulAttributes {
  readonly transA: boolean;
  readonly transB: boolean;
  readonly alpha: number;
}

/** Queries in `count` tiles of `size`, of which the last takes all that are left. */
export interface QueryTiles {
  readonly size: number;
  readonly count: number;
}

/** Rows [start, end). */
export interface RowRange {
  readonly start: number;
  readonly end: number;
}

export type OperationName = keyof Operations;

export interface NodeOf<K extends OperationName> {
  readonly op: K;
  readonly attributes: Operations[K]['attributes'];
  readonly inputs: Operations[K]['inputs'];
  readonly outputs: Operations[K]['outputs'];
}

export type GraphNode = { [K in OperationName]: NodeOf<K> }[OperationName];

export interface Graph {
  readonly nodes: GraphNode[];
  readonly inputs: Value[];
  /** Constant values, by name. */
  readonly initializers: Map<string, { readonly value: Value; readonly data: TensorData }>;
  /** Number of values named so far. */
  valueCount: number;
}

export function createGraph(): Graph {
  return { nodes: [], inputs: [], initializers: new Map(), valueCount: 0 };
}

export function addInput(
  graph: Graph,
  name: string,
  dtype: ElementType,
  shape: readonly Dimension[],
): Value {
  const value = { name, dtype, shape };
  graph.inputs.push(value);
  return value;
}

export function addInitializer(
  graph: Graph,
  name: string,
  dtype: ElementType,
  shape: readonly number[],
  data: TensorData,
): Value {
  const value = { name, dtype, shape };
  graph.initializers.set(name, { value, data });
  return value;
}

/** A new value for a node to produce; its name starts with the op's. */
export function newValue(
  graph: Graph,
  op: OperationName,
  dtype: ElementType,
  shape: readonly Dimension[],
): Value {
  return { name: `${op}_${graph.valueCount++}`, dtype, shape };
}

export function addNode<K extends OperationName>(graph: Graph, node: NodeOf<K>): void {
  graph.nodes.push(node as unknown as GraphNode);
}

export function inputsOf(node: GraphNode): readonly Value[] {
  return (node.inputs as readonly (Value | undefined)[]).filter((value) => value !== undefined);
}

export function outputsOf(node: GraphNode): readonly Value[] {
  return (node.outputs as readonly (Value | undefined)[]).filter((value) => value !== undefined);
}
