/** Translates a graph to ONNX: prunes unused nodes, then writes each op for the device. */
import { inputsOf, outputsOf } from '../graph.js';
import type { Graph, GraphNode, Lowering, NodeOf, OperationName, Value } from '../graph.js';
import type { OnnxModel, OnnxValue } from '../onnxModel.js';
import { cpuRules } from './cpu.js';
import { createEmitter } from './emitter.js';
import type { Emitter, LowerRules } from './emitter.js';
import { webgpuRules } from './webgpu.js';

/** ONNX introduced Gelu in opset 20. */
const opset = 20;

/** Name of an output that stops the Node binding from copying the others; see `session.ts`. */
export const markerOutput = 'marker';

export interface GraphOutput {
  readonly name: string;
  readonly value: Value;
}

export interface LowerOptions {
  readonly lowering: Lowering;
  /** Puts the marker output first. */
  readonly marker: boolean;
}

export function lower(
  graph: Graph,
  outputs: readonly GraphOutput[],
  { lowering, marker }: LowerOptions,
): OnnxModel {
  const rules = lowering === 'cpu' ? cpuRules : webgpuRules;
  const emitter = createEmitter(graph.initializers);
  const nodes = needed(graph.nodes, outputs);
  for (const node of nodes) write(rules, emitter, node);
  nameOutputs(emitter, outputs);

  const markers: OnnxValue[] = [];
  const [first] = outputs;
  if (marker && first !== undefined) {
    emitter.emit('SequenceConstruct', [first.name], [markerOutput]);
    markers.push({ ...first.value, name: markerOutput, sequence: true });
  }
  const used = new Set(emitter.nodes.flatMap((node) => node.inputs));
  const fromGraph = [...graph.initializers.values()].map(({ value, data }) => ({
    name: value.name,
    dtype: value.dtype,
    shape: value.shape.filter((size) => typeof size === 'number'),
    data,
  }));
  return {
    opset,
    inputs: graph.inputs,
    outputs: [...markers, ...outputs.map(({ name, value }) => ({ ...value, name }))],
    initializers: [...fromGraph, ...emitter.initializers.values()].filter(({ name }) =>
      used.has(name),
    ),
    nodes: emitter.nodes,
  };
}

export function needed(nodes: readonly GraphNode[], outputs: readonly GraphOutput[]): GraphNode[] {
  const wanted = new Set(outputs.map(({ value }) => value));
  const kept: GraphNode[] = [];
  for (const node of nodes.toReversed()) {
    if (!outputsOf(node).some((value) => wanted.has(value))) continue;
    kept.push(node);
    for (const input of inputsOf(node)) wanted.add(input);
  }
  return kept.reverse();
}

/** Gives the outputs their names. Copies a value that no node produces, or that is output twice. */
function nameOutputs(emitter: Emitter, outputs: readonly GraphOutput[]): void {
  const made = new Set(emitter.nodes.flatMap((node) => node.outputs));
  const names = new Map<string, string>();
  for (const { name, value } of outputs) {
    if (made.has(value.name) && !names.has(value.name)) names.set(value.name, name);
    else emitter.emit('Identity', [value.name], [name]);
  }
  const rename = (name: string): string => names.get(name) ?? name;
  emitter.nodes.forEach((node, i) => {
    emitter.nodes[i] = {
      ...node,
      inputs: node.inputs.map(rename),
      outputs: node.outputs.map(rename),
    };
  });
}

function write<K extends OperationName>(
  rules: LowerRules,
  emitter: Emitter,
  node: NodeOf<K>,
): void {
  rules[node.op](emitter, node);
}
