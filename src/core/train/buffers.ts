/**
 * The arrays that a training graph reads and writes beside parameters and gradients. All graphs of a
 * run share one stretch of the kernel memory, because only one of them runs at a time.
 */
import type { HostTensor } from '../graph/session.js';
import type { DropoutSite, TensorSpec, TrainingGraph } from '../objectives/objective.js';
import { allocatedBytes } from './kernels/memory.js';
import type { ParameterMemory } from './parameterMemory.js';

export interface GraphBuffers {
  readonly inputs: Readonly<Record<string, Float32Array | Int32Array>>;
  readonly dropout: readonly { readonly site: DropoutSite; readonly mask: Float32Array }[];
  /** Row gradients, to be added to the dense ones after a run. */
  readonly rows: readonly {
    readonly gradient: Float32Array;
    readonly values: Float32Array;
    readonly ids: Int32Array;
    readonly width: number;
  }[];
  /** [1] each, by loss name. */
  readonly losses: Readonly<Record<string, Float32Array>>;
  readonly feeds: Readonly<Record<string, HostTensor>>;
  readonly outputs: Readonly<Record<string, HostTensor>>;
}

const elements = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

export function graphBufferBytes(graph: TrainingGraph): number {
  const shapes = [
    ...graph.inputs.map(({ shape }) => shape),
    ...graph.dropout.map(({ shape }) => shape),
    ...rowOutputs(graph).values(),
    ...Object.keys(graph.losses).map(() => [1]),
  ];
  return shapes.reduce((sum, shape) => sum + allocatedBytes(elements(shape)), 0);
}

/** Shapes by output. One output may feed the gradients of several tables (words, positions). */
function rowOutputs(graph: TrainingGraph): Map<string, readonly [number, number]> {
  return new Map(
    graph.gradients.flatMap((gradient) =>
      gradient.kind === 'rows' ? [[gradient.output, gradient.shape] as const] : [],
    ),
  );
}

/** @param scratch at least `graphBufferBytes(graph)` long */
export function createBuffers(
  graph: TrainingGraph,
  state: ParameterMemory,
  scratch: Float32Array,
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
    const { values, spec } = trained(state, name);
    feeds[name] = { dtype: 'float32', data: values, shape: spec.shape };
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
    const { gradient, spec } = trained(state, target.parameter);
    if (target.kind === 'dense') {
      const tensor = { dtype: 'float32', data: gradient, shape: spec.shape } as const;
      feeds[target.accumulator] = tensor;
      outputs[target.output] = tensor;
    } else {
      const values = rowValues.get(target.output)!;
      const ids = inputs[target.rows];
      if (!(ids instanceof Int32Array)) throw new TypeError(`${target.rows} is no input of rows.`);
      rows.push({ gradient, values, ids, width: target.shape[1] });
    }
  }
  const losses: Record<string, Float32Array> = {};
  for (const [name, output] of Object.entries(graph.losses)) {
    const data = floats([1]);
    losses[name] = data;
    outputs[output] = { dtype: 'float32', data, shape: [1] };
  }
  return { inputs, dropout, rows, losses, feeds, outputs };
}

function trained(state: ParameterMemory, name: string) {
  const parameter = state.parameters.get(name);
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
