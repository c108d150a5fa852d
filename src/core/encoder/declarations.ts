/**
 * Derives a family's parameters and inputs from its code: runs it once on a throwaway graph and
 * records what it asks for, so that neither needs a second list.
 */
import { createGraph, inputsOf } from '../graph/graph.js';
import type { Value } from '../graph/graph.js';
import type { EncoderConfig } from './config.js';
import { decode, encode } from './encode.js';
import type { EncoderInputs } from './family.js';
import { familyOf } from './familyOf.js';
import type { LoraSettings } from './lora.js';
import { factorsOf } from './loraFactors.js';
import { maskedLmHead } from './maskedLmHead.js';
import type { ParameterSpec } from './parameters.js';
import { rootScope } from './scope.js';
import type { EncoderScope } from './scope.js';

/** In the order in which the encoder, then its head, request them. */
export function parameterSpecs(
  config: EncoderConfig,
  options: { readonly mlmHead: boolean },
): ParameterSpec[] {
  const { scope, specs } = recordingScope(config);
  const hidden = encode(scope, tokenInputs);
  if (options.mlmHead) maskedLmHead(scope, hidden);
  return [...specs.values()];
}

/**
 * The parameters that low-rank adaptation trains; independent of the order of `settings.modules`.
 */
export function loraSpecs(config: EncoderConfig, settings: LoraSettings): ParameterSpec[] {
  return parameterSpecs(config, { mlmHead: false }).flatMap((spec) => {
    const factors = factorsOf(spec, settings);
    return factors === null ? [] : [factors.a, factors.b];
  });
}

/** The parameters that decoding adds to the encoder's; they are no part of the exported model. */
export function decoderSpecs(config: EncoderConfig): ParameterSpec[] {
  const { scope, specs } = recordingScope(config);
  decode(scope, tokenInputs, {
    embeddings: { name: 'embeddings', dtype: 'float32', shape: [1, config.hiddenSize] },
    membership: { name: 'membership', dtype: 'float32', shape: [1, 1, 1] },
  });
  return [...specs.values()].filter(({ part }) => part === 'objective');
}

/** The word-embedding table, also the output matrix of the head. */
export function wordTable(config: EncoderConfig): ParameterSpec {
  const { scope, specs } = recordingScope(config);
  return specs.get(familyOf(config).words(rootScope(scope, 'encoder')).name)!;
}

const inputOrder = ['inputIds', 'positionIds', 'tokenTypeIds', 'attentionBias'] as const;

/** The inputs that the encoder reads, in the order that graphs use. */
export function encoderInputNames(config: EncoderConfig): (keyof EncoderInputs)[] {
  const { scope } = recordingScope(config);
  encode(scope, tokenInputs);
  const read = new Set(scope.graph.nodes.flatMap(inputsOf));
  return inputOrder.filter((name) => read.has(tokenInputs[name]));
}

/** Creates only the inputs that the encoder reads. */
export function makeEncoderInputs(
  config: EncoderConfig,
  make: Readonly<Record<keyof EncoderInputs, () => Value>>,
): Partial<EncoderInputs> {
  return Object.fromEntries(encoderInputNames(config).map((name) => [name, make[name]()]));
}

/** A single sequence of one token. */
const tokenInputs: EncoderInputs = {
  inputIds: { name: 'inputIds', dtype: 'int32', shape: [1] },
  positionIds: { name: 'positionIds', dtype: 'int32', shape: [1] },
  tokenTypeIds: { name: 'tokenTypeIds', dtype: 'int32', shape: [1] },
  attentionBias: { name: 'attentionBias', dtype: 'float32', shape: [1, 1, 1, 1] },
};

function recordingScope(config: EncoderConfig): {
  scope: EncoderScope;
  specs: Map<string, ParameterSpec>;
} {
  const specs = new Map<string, ParameterSpec>();
  const scope: EncoderScope = {
    graph: createGraph(),
    config,
    batch: 1,
    sequence: 1,
    dropout: null,
    lora: null,
    parameter(name, declared) {
      if (declared === undefined) throw new Error(`the parameter "${name}" is not declared`);
      const known = specs.get(name) ?? declared;
      specs.set(name, known);
      return { name, dtype: 'float32', shape: known.shape };
    },
  };
  return { scope, specs };
}
