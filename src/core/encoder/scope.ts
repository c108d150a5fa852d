/** What the layers of an encoder are built in: a graph, its parameters, and its dropout sites. */
import { addInput } from '../graph/graph.js';
import type { Dimension, Graph, Value } from '../graph/graph.js';
import { multiply, reshape } from '../graph/ops.js';
import type { EncoderConfig } from './config.js';

/** Where dropout is applied. Masks are inputs: 0 where dropped, 1 / (1 - rate) where kept. */
export interface DropoutSite {
  /** Name of the float32 input. */
  readonly input: string;
  /** First dimension is the example, so that masks are keyed (seed, step, example, layer, site). */
  readonly shape: readonly number[];
  readonly layer: number;
  /** Number of the place within the layer, stable across versions. */
  readonly site: number;
  readonly rate: number;
}

/** Places within a layer; the embeddings are layer 0. */
export const dropoutSites = { embeddings: 0, attention: 1, attentionOutput: 2, output: 3 } as const;

export interface EncoderScope {
  readonly graph: Graph;
  readonly config: EncoderConfig;
  readonly batch: Dimension;
  readonly sequence: Dimension;
  /** The value of a parameter; throws for an unknown name. */
  parameter(name: string): Value;
  /** Collects the sites; `null` builds the encoder without dropout. */
  readonly dropout: DropoutSite[] | null;
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
  const { graph, config, batch, sequence } = scope;
  const place = { layer, site, rate: config.hiddenDropout };
  const mask = dropoutMask(scope, place, [batch, sequence, config.hiddenSize]);
  return mask === null ? x : multiply(graph, x, reshape(graph, mask, x.shape));
}
