/** The activation of an encoder's middle layers, by its name in `config.json`. */
import { usageError } from '../base/errors.js';
import { gelu, geluTanh, relu, silu } from '../graph/activationOps.js';
import type { Graph, Value } from '../graph/graph.js';
import { quotedChoices } from './configFields.js';
import type { ConfigJson } from './configFields.js';

/** As transformers names them; the two approximations of gelu are one function. */
const functions = { gelu, gelu_new: geluTanh, gelu_pytorch_tanh: geluTanh, relu, silu } as const;

export type ActivationName = keyof typeof functions;
export const activationNames = Object.keys(functions) as ActivationName[];

export function activate(graph: Graph, name: ActivationName, x: Value): Value {
  return functions[name](graph, x);
}

/**
 * @param field its name in `config.json`
 * @param fallback what transformers takes where the field is missing
 */
export function readActivation(
  fields: ConfigJson,
  field: string,
  fallback: ActivationName = 'gelu',
): ActivationName {
  const value = fields[field] ?? fallback;
  const known = activationNames.find((name) => name === value);
  if (known !== undefined) return known;
  throw usageError(
    `The model's activation ${JSON.stringify(value)} is not supported: choose a model with ${field} ${quotedChoices(activationNames)}.`,
  );
}
