/** What the layers of an encoder are built in: a graph, its parameters, and its dropout sites. */
import { addInput } from '../graph/graph.js';
import type { Dimension, Graph, Value } from '../graph/graph.js';
import { multiply, reshape } from '../graph/ops.js';
import { dimension } from '../graph/shapes.js';
import type { EncoderConfig } from './config.js';
import type { LoraModule, LoraSettings } from './lora.js';

/** Where dropout is applied. Masks are inputs: 0 where dropped, 1 / (1 - rate) where kept. */
export interface DropoutSite {
  /** Name of the float32 input. */
  readonly input: string;
  /** First dimension is the row, so that masks are keyed (seed, step, row, layer, site). */
  readonly shape: readonly number[];
  readonly layer: number;
  /** Number of the place within the layer, stable across versions. */
  readonly site: number;
  readonly rate: number;
}

/** Places within a layer; the embeddings are layer 0. */
export const dropoutSites = { embeddings: 0, attention: 1, attentionOutput: 2, output: 3 } as const;

/** Places of what low-rank adaptation reads. */
export const loraSites: Readonly<Record<LoraModule, number>> = {
  query: 4,
  key: 5,
  value: 6,
  'attention.output': 7,
  intermediate: 8,
  output: 9,
};

export interface EncoderScope {
  readonly graph: Graph;
  readonly config: EncoderConfig;
  readonly batch: Dimension;
  readonly sequence: Dimension;
  /** The value of a parameter; throws for an unknown name. */
  parameter(name: string): Value;
  /** Collects the sites; `null` builds the encoder without dropout. */
  readonly dropout: DropoutSite[] | null;
  /** `null`: the matrices of the layers stand alone. */
  readonly lora: LoraSettings | null;
}

export interface DropoutPlace {
  readonly layer: number;
  readonly site: number;
  readonly rate: number;
}

/** The mask of a place, as an input; `null` where nothing is dropped. */
export function dropoutMask(
  scope: EncoderScope,
  { layer, site, rate }: DropoutPlace,
  shape: readonly Dimension[],
): Value | null {
  if (scope.dropout === null || rate === 0) return null;
  const input = `dropout.${layer}.${site}`;
  const fixed = shape.filter((size) => typeof size === 'number');
  scope.dropout.push({ input, shape: fixed, layer, site, rate });
  return addInput(scope.graph, input, 'float32', shape);
}

/** Dropout of hidden states. */
export function dropHidden(scope: EncoderScope, x: Value, layer: number, site: number): Value {
  return drop(scope, x, { layer, site, rate: scope.config.hiddenDropout });
}

/** Dropout of x, one vector a token. */
export function drop(scope: EncoderScope, x: Value, place: DropoutPlace): Value {
  const { graph, batch, sequence } = scope;
  const mask = dropoutMask(scope, place, [batch, sequence, dimension(x, -1)]);
  return mask === null ? x : multiply(graph, x, reshape(graph, mask, x.shape));
}
