/**
 * Parameters packed into few tensors, for devices that keep their state: a tensor per parameter
 * would cost the optimizer hundreds of small runs. A graph cuts its parameters out of the packs and
 * joins their gradients in the same places.
 */
import type { ParameterSpec } from '../encoder/parameters.js';
import { accumulate, isProduct } from '../graph/accumulate.js';
import { constant } from '../graph/constant.js';
import { addInput } from '../graph/graph.js';
import type { Graph, RowRange, Value } from '../graph/graph.js';
import type { Contribution } from '../graph/gradients/rule.js';
import type { GraphOutput } from '../graph/lowering/lower.js';
import { add, addRows, concat, multiply, reshape } from '../graph/ops.js';
import { elementCount } from '../graph/shapes.js';
import { sliceRows } from '../graph/sliceOps.js';

/** Parameters one after the other in one tensor; the gaps hold zeros. */
export interface Pack {
  readonly name: string;
  /** Number of values, gaps included. */
  readonly length: number;
  /** In the order of their places. */
  readonly members: readonly { readonly spec: ParameterSpec; readonly offset: number }[];
}

/** A pack as a graph has it; all three are float32 [length]. */
export interface PackInput {
  /** Name of the pack, and of the input of its values. */
  readonly name: string;
  /** `null` if the graph computes no gradient of any member. */
  readonly gradient: {
    readonly accumulator: string;
    /** The accumulator with the gradient added. */
    readonly output: string;
  } | null;
}

/** Those of `packs` that hold any of `specs`, as inputs, and these parameters' values. */
export function unpack(
  graph: Graph,
  packs: readonly Pack[],
  specs: readonly ParameterSpec[],
): { readonly used: readonly Pack[]; readonly values: ReadonlyMap<string, Value> } {
  const wanted = new Set(specs.map(({ name }) => name));
  const used = packs.filter(({ members }) => members.some(({ spec }) => wanted.has(spec.name)));
  const values = new Map<string, Value>();
  for (const { name, length, members } of used) {
    const pack = addInput(graph, name, 'float32', [length]);
    for (const { spec, offset } of members.filter((each) => wanted.has(each.spec.name))) {
      const range = { start: offset, end: offset + sizeOf(spec) };
      values.set(spec.name, reshape(graph, sliceRows(graph, pack, range), spec.shape));
    }
  }
  return { used, values };
}

/** Joins the contributions to the gradients of each pack's members, and adds them to an accumulator. */
export function packGradients(
  graph: Graph,
  packs: readonly Pack[],
  contributions: ReadonlyMap<string, readonly Contribution[]>,
): { readonly inputs: PackInput[]; readonly outputs: GraphOutput[] } {
  const outputs: GraphOutput[] = [];
  const inputs = packs.map((pack): PackInput => {
    const { name, length } = pack;
    const reached = pack.members.filter(
      ({ spec }) => (contributions.get(spec.name) ?? []).length > 0,
    );
    if (reached.length === 0) return { name, gradient: null };
    const accumulator = addInput(graph, `${name}.accumulator`, 'float32', [length]);
    const zeros = ({ start, end }: RowRange): Value =>
      multiply(graph, sliceRows(graph, accumulator, { start, end }), constant(graph, 0));
    const parts: Value[] = [];
    let place = 0;
    const zerosTo = (end: number): void => {
      if (end > place) parts.push(zeros({ start: place, end }));
    };
    for (const { spec, offset } of reached) {
      zerosTo(offset);
      place = offset + sizeOf(spec);
      const empty = (): Value => reshape(graph, zeros({ start: offset, end: place }), spec.shape);
      const gradient = total(graph, contributions.get(spec.name)!, empty);
      parts.push(reshape(graph, gradient, [sizeOf(spec)]));
    }
    zerosTo(length);
    const output = `${name}.gradient`;
    outputs.push({ name: output, value: add(graph, accumulator, concat(graph, parts)) });
    return { name, gradient: { accumulator: accumulator.name, output } };
  });
  return { inputs, outputs };
}

/** @param empty zeros of the parameter's shape */
function total(graph: Graph, contributions: readonly Contribution[], empty: () => Value): Value {
  const dense = contributions
    .flatMap((part) => (part.kind === 'dense' ? [part.value] : []))
    // Products last, so that each can be fused with the sum so far.
    .sort((a, b) => Number(isProduct(graph, a)) - Number(isProduct(graph, b)));
  const sum = dense.length === 0 ? empty() : dense.reduce((a, b) => accumulate(graph, a, b));
  return contributions.reduce((base, part) => {
    if (part.kind === 'dense') return base;
    const { updates, rows } = part;
    // A vector counts as a matrix of one column.
    const width = base.shape.length === 1 ? 1 : Number(base.shape[1]);
    const matrix = reshape(graph, base, [elementCount(base) / width, width]);
    return reshape(graph, addRows(graph, matrix, updates, rows), base.shape);
  }, sum);
}

const sizeOf = ({ shape }: ParameterSpec): number => shape.reduce((a, b) => a * b, 1);
