/** Collects ONNX nodes while a graph is lowered. */
import type { Dimension, ElementType, NodeOf, OperationName, TensorData, Value } from '../graph.js';
import type { OnnxAttribute, OnnxInitializer, OnnxNode } from '../onnxModel.js';

export interface EmitOptions {
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>;
  readonly domain?: 'com.microsoft';
}

export interface Emitter {
  readonly nodes: OnnxNode[];
  readonly initializers: Map<string, OnnxInitializer>;
  /** Writes one node; `outputs` are names. */
  readonly emit: (
    opType: string,
    inputs: readonly string[],
    outputs: readonly string[],
    options?: EmitOptions,
  ) => void;
  /** Writes one node with one new output, and returns the output's name. */
  readonly make: (opType: string, inputs: readonly string[], options?: EmitOptions) => string;
  /** A one-dimensional int64 constant. */
  readonly integers: (values: readonly number[]) => string;
  /** A float32 scalar. */
  readonly float: (value: number) => string;
  /** The data of an initializer; `undefined` for any other value. */
  readonly known: (value: Value) => TensorData | undefined;
  readonly initializer: (
    name: string,
    dtype: ElementType,
    shape: readonly number[],
    data: TensorData,
  ) => string;
}

/** Writes the ONNX nodes of one op. */
export type LowerRule<K extends OperationName> = (emitter: Emitter, node: NodeOf<K>) => void;

export type LowerRules = { readonly [K in OperationName]: LowerRule<K> };

export function createEmitter(known: ReadonlyMap<string, { readonly data: TensorData }>): Emitter {
  const nodes: OnnxNode[] = [];
  const initializers = new Map<string, OnnxInitializer>();
  let fresh = 0;

  const emitter: Emitter = {
    nodes,
    initializers,
    emit(opType, inputs, outputs, { attributes = {}, domain = '' as const } = {}) {
      nodes.push({ opType, domain, inputs, outputs, attributes });
    },
    make(opType, inputs, options) {
      const name = `t${fresh++}`;
      emitter.emit(opType, inputs, [name], options);
      return name;
    },
    integers(values) {
      const name = `integers_${values.join('_')}`;
      const data = BigInt64Array.from(values, BigInt);
      return emitter.initializer(name, 'int64', [values.length], data);
    },
    float(value) {
      return emitter.initializer(`float_${value}`, 'float32', [], Float32Array.of(value));
    },
    known: (value) => known.get(value.name)?.data,
    initializer(name, dtype, shape, data) {
      if (!initializers.has(name)) initializers.set(name, { name, dtype, shape, data });
      return name;
    },
  };
  return emitter;
}

/**
 * Target shape of a Reshape: 0 copies a run-time size from the same axis of the input; -1 marks the
 * one run-time size that changes its axis.
 */
export function reshapeTarget(from: readonly Dimension[], to: readonly Dimension[]): number[] {
  const target = to.map((size, axis) =>
    typeof size === 'number' ? size : size === from[axis] ? 0 : -1,
  );
  if (target.filter((size) => size === -1).length > 1) {
    throw new Error(`reshape: [${from.join(', ')}] to [${to.join(', ')}] is ambiguous`);
  }
  return target;
}
