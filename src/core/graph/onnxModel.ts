/** An ONNX model as data: `lowering` produces it and `onnxProto` encodes it. */
import type { Dimension, ElementType, TensorData } from './graph.js';

/** A plain number is an integer; a float is wrapped. */
export type OnnxAttribute = number | string | readonly number[] | { readonly float: number };

export interface OnnxNode {
  readonly opType: string;
  /** '' is ONNX's default domain. */
  readonly domain: '' | 'com.microsoft';
  /** An empty name marks an omitted input or output. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
}

export interface OnnxValue {
  readonly name: string;
  readonly dtype: ElementType;
  readonly shape: readonly Dimension[];
  /** Whether it is a sequence of such tensors. */
  readonly sequence?: boolean;
}

export interface OnnxInitializer {
  readonly name: string;
  readonly dtype: ElementType;
  readonly shape: readonly number[];
  readonly data: TensorData;
}

export interface OnnxModel {
  readonly opset: number;
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly initializers: readonly OnnxInitializer[];
  readonly nodes: readonly OnnxNode[];
}

/** ONNX's element type numbers. */
export const onnxElementTypes: Readonly<Record<ElementType | 'bool', number>> = {
  float32: 1,
  uint8: 2,
  int32: 6,
  int64: 7,
  bool: 9,
};
