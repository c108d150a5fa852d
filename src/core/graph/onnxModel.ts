/** An ONNX model as data: what `lowering` makes and `onnxProto` writes. */
import type { Dimension, ElementType, TensorData } from './graph.js';

/** A number is an integer; a floating-point attribute says so. */
export type OnnxAttribute = number | string | readonly number[] | { readonly float: number };

export interface OnnxNode {
  readonly opType: string;
  /** '' is ONNX's own domain. */
  readonly domain: '' | 'com.microsoft';
  /** An empty name stands for an input or output that is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
}

export interface OnnxValue {
  readonly name: string;
  readonly dtype: ElementType;
  readonly shape: readonly Dimension[];
  /** A sequence of tensors of that type. */
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

/** ONNX's numbers of element types. */
export const onnxElementTypes: Readonly<Record<ElementType | 'bool', number>> = {
  float32: 1,
  uint8: 2,
  int32: 6,
  int64: 7,
  bool: 9,
};
