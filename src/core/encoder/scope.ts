/**
 * The context in which a family builds its encoder. Asking a scope for a parameter declares it and
 * returns its value, so that one function defines both the parameters and the computation. `at`
 * adds a name prefix, like `VarBuilder.pp` in candle.
 */
import { addInput } from '../graph/graph.js';
import type { Dimension, Graph, Value } from '../graph/graph.js';
import {
  expectShape,
  layerNorm,
  linear,
  matMul,
  matMulAdd,
  multiply,
  reshape,
} from '../graph/ops.js';
import { dimension, staticDimension } from '../graph/shapes.js';
import type { EncoderConfig } from './config.js';
import type { LoraModule, LoraSettings } from './lora.js';
import { factorsOf } from './loraFactors.js';
import type { ParameterSpec } from './parameters.js';

/** Where dropout is applied. Masks are inputs: 0 where dropped, 1 / (1 - rate) where kept. */
export interface DropoutSite {
  /** Name of the float32 input. */
  readonly input: string;
  /** First dimension is the row, so that masks are keyed (seed, step, row, layer, site). */
  readonly shape: readonly number[];
  /** 0 for the embeddings, index + 1 for a layer; counted on in a second pass. */
  readonly layer: number;
  /** Number of the place within the layer, stable across versions. */
  readonly site: number;
  readonly rate: number;
}

/**
 * Sites within a layer; the embeddings are layer 0. Family-specific sites are numbered from 10,
 * those of decoders from 100.
 */
export const dropoutSites = {
  embeddings: 0,
  attention: 1,
  attentionOutput: 2,
  output: 3,
  crossAttention: 100,
  crossOutput: 101,
} as const;

/** Sites of the dropout on the inputs of low-rank adaptation. */
const loraSites: Readonly<Record<LoraModule, number>> = {
  query: 4,
  key: 5,
  value: 6,
  'attention.output': 7,
  intermediate: 8,
  output: 9,
};

/** The scope as seen by the code that builds the graph. */
export interface EncoderScope {
  readonly graph: Graph;
  readonly config: EncoderConfig;
  readonly batch: Dimension;
  readonly sequence: Dimension;
  /**
   * The value of a parameter, which the encoder declares by requesting it; throws for an unknown
   * name.
   */
  parameter(name: string, declared?: ParameterSpec): Value;
  /** Collects the sites; `null` builds the encoder without dropout. */
  readonly dropout: DropoutSite[] | null;
  /** Layer of the first site, for a second pass through the layers; 0 if absent. */
  readonly firstDropoutLayer?: number;
  /** `null`: without low-rank adaptation. */
  readonly lora: LoraSettings | null;
}

/** The scope as seen by a family's code, at a position among the names. */
export interface Scope extends Pick<EncoderScope, 'graph' | 'config' | 'batch' | 'sequence'> {
  /** The scope for names with this one's prefix, then `name` and a dot. */
  at(name: string): Scope;
  /** `at(name)`, for parameters that an objective adds: always trained, and not exported. */
  addition(name: string): Scope;
  /** `at(index)`, with parameters and dropout sites assigned to the 0-based layer `index`. */
  atLayer(index: number): Scope;
  /** The same names, with parameters assigned to the layer `index`: for what follows the layers. */
  ofLayer(index: number): Scope;
  /** `name.weight`, [rows, width]. */
  table(
    name: string,
    shape: readonly [number, number],
    options?: Pick<ParameterSpec, 'paddingRow'>,
  ): Value;
  /** x [..., in] times `name.weight` [outputs, in], plus `name.bias` unless it has none. */
  linear(name: string, outputs: number, x: Value, options?: LinearOptions): Value;
  /** LayerNorm of x over its last axis, by `name.weight` and, unless it has none, `name.bias`. */
  norm(name: string, x: Value, options?: { readonly bias?: boolean }): Value;
  /** `name`, [size], initialised to zeros. */
  bias(
    name: string,
    size: number,
    options?: Pick<ParameterSpec, 'inNewHead' | 'mayBeAbsent'>,
  ): Value;
  /** The dropout mask of a site, as an input; `null` if nothing is dropped. */
  dropoutMask(site: number, rate: number, shape: readonly Dimension[]): Value | null;
  /** Dropout of hidden states, one vector a token; by `hiddenDropout` if no rate is given. */
  drop(x: Value, site: number, rate?: number): Value;
}

export interface LinearOptions extends Pick<ParameterSpec, 'inNewHead'> {
  /** The low-rank adaptation module that may adapt it; several for a matrix that joins several. */
  readonly lora?: LoraModule | readonly LoraModule[];
  /** `false` if it has no bias; `mayBeAbsent`: see `ParameterSpec`. */
  readonly bias?: boolean | 'mayBeAbsent';
}

interface Place {
  /** Prefix of all names; empty, or ends with a dot. */
  readonly prefix: string;
  readonly part: 'encoder' | 'mlmHead' | 'objective';
  readonly layer: number | null;
}

/** The scope without a prefix. */
export function rootScope(encoder: EncoderScope, part: Place['part']): Scope {
  return scopeAt(encoder, { prefix: '', part, layer: null });
}

type Declaration = Omit<ParameterSpec, 'name' | 'part' | 'layer' | 'decay'>;

function scopeAt(encoder: EncoderScope, { prefix, part, layer }: Place): Scope {
  const { graph, config, batch, sequence, lora } = encoder;
  const specOf = (name: string, declaration: Declaration): ParameterSpec => ({
    ...declaration,
    name: `${prefix}${name}`,
    decay: declaration.use !== 'vector',
    part,
    layer,
  });
  const take = (spec: ParameterSpec): Value => {
    const value = encoder.parameter(spec.name, spec);
    expectShape('parameter', value, spec.shape);
    return value;
  };
  const vector = (
    name: string,
    size: number,
    initial: 'zeros' | 'ones',
    options: Pick<ParameterSpec, 'inNewHead' | 'mayBeAbsent'> = {},
  ): Value => take(specOf(name, { shape: [size], use: 'vector', initial, ...options }));
  const dropoutLayer = (encoder.firstDropoutLayer ?? 0) + (layer === null ? 0 : layer + 1);
  const dropoutMask: Scope['dropoutMask'] = (site, rate, shape) =>
    addDropoutMask(encoder, { layer: dropoutLayer, site, rate }, shape);
  const drop = (x: Value, site: number, rate: number): Value => {
    const mask = dropoutMask(site, rate, [batch, sequence, dimension(x, -1)]);
    return mask === null ? x : multiply(graph, x, reshape(graph, mask, x.shape));
  };

  return {
    graph,
    config,
    batch,
    sequence,
    at: (name) => scopeAt(encoder, { prefix: `${prefix}${name}.`, part, layer }),
    addition: (name) => scopeAt(encoder, { prefix: `${prefix}${name}.`, part: 'objective', layer }),
    atLayer: (index) => scopeAt(encoder, { prefix: `${prefix}${index}.`, part, layer: index }),
    ofLayer: (index) => scopeAt(encoder, { prefix, part, layer: index }),
    table: (name, shape, options = {}) =>
      take(specOf(`${name}.weight`, { shape, use: 'table', initial: 'normal', ...options })),
    linear(name, outputs, x, { lora: modules = [], bias: hasBias = true, ...options } = {}) {
      const shape = [outputs, staticDimension(x, -1)];
      const loraModules = typeof modules === 'string' ? [modules] : modules;
      const spec = specOf(`${name}.weight`, {
        shape,
        use: 'matrix',
        initial: 'normal',
        ...(loraModules.length === 0 ? {} : { loraModules }),
        ...options,
      });
      const weight = take(spec);
      const mayBeAbsent = hasBias === 'mayBeAbsent';
      const bias =
        hasBias === false
          ? null
          : vector(`${name}.bias`, outputs, 'zeros', mayBeAbsent ? { mayBeAbsent } : {});
      const factors = factorsOf(spec, lora);
      const [module] = loraModules;
      if (factors === null || lora === null || module === undefined) {
        return linear(graph, x, weight, bias);
      }
      const [a, b] = [take(factors.a), take(factors.b)];
      const alpha = lora.alpha / lora.rank;
      if (x.shape.length !== 2) {
        // Serving only, without gradients. Gemm takes matrices only, so fold the factors into the
        // weight.
        return linear(graph, x, matMulAdd(graph, b, a, weight, { alpha }), bias);
      }
      const dropped = drop(x, loraSites[module], lora.dropout);
      const low = matMul(graph, dropped, a, { transB: true });
      const plain = linear(graph, x, weight, bias);
      return matMulAdd(graph, low, b, plain, { transB: true, alpha });
    },
    norm(name, x, { bias: hasBias = true } = {}) {
      const size = staticDimension(x, -1);
      const gamma = vector(`${name}.weight`, size, 'ones');
      const beta = hasBias ? vector(`${name}.bias`, size, 'zeros') : null;
      return layerNorm(graph, x, gamma, beta, config.layerNormEps).y;
    },
    bias: (name, size, options) => vector(name, size, 'zeros', options),
    dropoutMask,
    drop: (x, site, rate = config.hiddenDropout) => drop(x, site, rate),
  };
}

function addDropoutMask(
  { graph, dropout }: EncoderScope,
  place: Pick<DropoutSite, 'layer' | 'site' | 'rate'>,
  shape: readonly Dimension[],
): Value | null {
  if (dropout === null || place.rate === 0) return null;
  const input = `dropout.${place.layer}.${place.site}`;
  if (dropout.some((site) => site.input === input)) {
    throw new Error(`the encoder drops twice at site ${place.site} of layer ${place.layer}`);
  }
  const fixed = shape.filter((size) => typeof size === 'number');
  dropout.push({ input, shape: fixed, ...place });
  return addInput(graph, input, 'float32', shape);
}
