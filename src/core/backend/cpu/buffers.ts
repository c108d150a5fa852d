/**
 * The arrays that a micro-batch's graph reads and writes, other than parameters and gradients. All
 * graphs of a run share one block of memory, because only one runs at a time.
 */
import type { HostTensor } from '../../graph/session.js';
import type { DropoutSite } from '../../encoder/scope.js';
import type { TensorSpec } from '../../graph/graph.js';
import type { GraphLoss, MicroBatchGraph } from '../../objectives/microBatchGraph.js';
import { allocatedBytes } from './kernels/memory.js';
import type { StoredParameter, StoredParameters } from './parameterMemory.js';

export interface GraphBuffers {
  readonly inputs: Readonly<Record<string, Float32Array | Int32Array>>;
  readonly dropout: readonly { readonly site: DropoutSite; readonly mask: Float32Array }[];
  /** Row gradients, added to the dense ones after a run. */
  readonly rows: readonly {
    readonly gradient: Float32Array;
    readonly values: Float32Array;
    readonly ids: Int32Array;
    readonly width: number;
  }[];
  readonly losses: readonly LossBuffer[];
  /** [batchSize * sequencesPerRow, hiddenSize] */
  readonly embeddings: Float32Array | null;
  readonly feeds: Readonly<Record<string, HostTensor>>;
  readonly outputs: Readonly<Record<string, HostTensor>>;
}

export interface LossBuffer {
  readonly loss: GraphLoss['loss'];
  /** [1] */
  readonly sum: Float32Array;
  /** [1]; `null` if the graph does not output it. */
  readonly correct: Float32Array | null;
}

const elements = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** @param embeddingShape shape of the embeddings, if the graph has them */
export function graphBufferBytes(
  graph: MicroBatchGraph,
  embeddingShape: readonly [number, number],
): number {
  const shapes = [
    ...graph.inputs.map(({ shape }) => shape),
    ...graph.dropout.map(({ shape }) => shape),
    ...rowOutputs(graph).values(),
    ...graph.losses.flatMap(({ correct }) => (correct === null ? [[1]] : [[1], [1]])),
    ...(graph.embeddings === null ? [] : [embeddingShape]),
  ];
  return shapes.reduce((sum, shape) => sum + allocatedBytes(elements(shape)), 0);
}

/**
 * Shapes by output name. One output may serve the gradients of several tables (words, positions).
 */
function rowOutputs(graph: MicroBatchGraph): Map<string, readonly [number, number]> {
  return new Map(
    graph.gradients.flatMap((gradient) =>
      gradient.kind === 'rows' ? [[gradient.output, gradient.shape] as const] : [],
    ),
  );
}

/** @param scratch at least `graphBufferBytes` long */
export function createBuffers(
  graph: MicroBatchGraph,
  parameters: StoredParameters,
  scratch: Float32Array,
  embeddingShape: readonly [number, number],
): GraphBuffers {
  let next = scratch.byteOffset;
  function take(shape: readonly number[]): { offset: number; count: number } {
    const taken = { offset: next, count: elements(shape) };
    next += allocatedBytes(taken.count);
    return taken;
  }
  function floats(shape: readonly number[]): Float32Array {
    const { offset, count } = take(shape);
    return new Float32Array(scratch.buffer, offset, count);
  }

  const feeds: Record<string, HostTensor> = {};
  const outputs: Record<string, HostTensor> = {};
  const inputs: Record<string, Float32Array | Int32Array> = {};
  for (const name of graph.parameters) {
    const { values, shape } = stored(parameters, name);
    feeds[name] = { dtype: 'float32', data: values, shape };
  }
  for (const spec of graph.inputs) {
    const { offset, count } = take(spec.shape);
    const data = viewOf(spec, scratch.buffer, offset, count);
    inputs[spec.name] = data;
    feeds[spec.name] = { dtype: spec.dtype, data, shape: spec.shape };
  }
  const dropout = graph.dropout.map((site) => {
    const mask = floats(site.shape);
    feeds[site.input] = { dtype: 'float32', data: mask, shape: site.shape };
    return { site, mask };
  });
  const rowValues = new Map<string, Float32Array>();
  for (const [output, shape] of rowOutputs(graph)) {
    const data = floats(shape);
    rowValues.set(output, data);
    outputs[output] = { dtype: 'float32', data, shape };
  }
  const rows: GraphBuffers['rows'][number][] = [];
  for (const target of graph.gradients) {
    const { gradient, shape } = stored(parameters, target.parameter);
    if (gradient === null) throw new RangeError(`${target.parameter} is frozen.`);
    if (target.kind === 'dense') {
      const tensor = { dtype: 'float32', data: gradient, shape } as const;
      feeds[target.accumulator] = tensor;
      outputs[target.output] = tensor;
    } else {
      const values = rowValues.get(target.output)!;
      const ids = inputs[target.rows];
      if (!(ids instanceof Int32Array)) throw new TypeError(`${target.rows} is no input of rows.`);
      rows.push({ gradient, values, ids, width: target.shape[1] });
    }
  }
  function scalar(output: string): Float32Array {
    const data = floats([1]);
    outputs[output] = { dtype: 'float32', data, shape: [1] };
    return data;
  }
  const losses = graph.losses.map(({ loss, output, correct }) => ({
    loss,
    sum: scalar(output),
    correct: correct === null ? null : scalar(correct),
  }));
  let embeddings: Float32Array | null = null;
  if (graph.embeddings !== null) {
    embeddings = floats(embeddingShape);
    outputs[graph.embeddings] = { dtype: 'float32', data: embeddings, shape: embeddingShape };
  }
  return { inputs, dropout, rows, losses, embeddings, feeds, outputs };
}

function stored(parameters: StoredParameters, name: string): StoredParameter {
  const parameter = parameters.get(name);
  if (parameter === undefined)
    throw new RangeError(`The graph wants an unknown parameter ${name}.`);
  return parameter;
}

function viewOf(
  { name, dtype }: TensorSpec,
  buffer: ArrayBufferLike,
  offset: number,
  count: number,
): Float32Array | Int32Array {
  if (dtype === 'float32') return new Float32Array(buffer, offset, count);
  if (dtype === 'int32') return new Int32Array(buffer, offset, count);
  throw new TypeError(`The input ${name} is ${dtype}, which training does not fill.`);
}
