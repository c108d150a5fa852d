/**
 * Reads the fields of a `config.json`. A setting that we cannot compute faithfully is an error that
 * names it, and is never ignored.
 */
import { usageError } from '../base/errors.js';
import type { UserError } from '../base/errors.js';

export type ConfigJson = Readonly<Record<string, unknown>>;

/** A positive integer; required if there is no fallback. */
export function count(fields: ConfigJson, name: string, fallback?: number): number {
  return number(fields, name, fallback, (value) => Number.isInteger(value) && value > 0);
}

/** A non-negative integer. */
export function index(fields: ConfigJson, name: string, fallback: number): number {
  return number(fields, name, fallback, (value) => Number.isInteger(value) && value >= 0);
}

export function positive(fields: ConfigJson, name: string, fallback: number): number {
  return number(fields, name, fallback, (value) => value > 0);
}

/** A dropout rate; 0.1 if omitted, as in most of Hugging Face's configurations. */
export function rate(fields: ConfigJson, name: string, fallback = 0.1): number {
  return number(fields, name, fallback, (value) => value >= 0 && value < 1);
}

export function flag(fields: ConfigJson, name: string, fallback: boolean): boolean {
  const value = fields[name] ?? fallback;
  if (typeof value !== 'boolean') throw invalidConfig(`${name} is ${JSON.stringify(value)}`);
  return value;
}

/** Rejects every value but `supported`, which is also the default. */
export function requireValue(
  fields: ConfigJson,
  name: string,
  supported: string | boolean | number,
  what: string,
): void {
  const value = fields[name];
  if (value === undefined || value === null || value === supported) return;
  throw usageError(
    `The model's ${what} ${JSON.stringify(value)} is not supported: choose a model with ${name} ${JSON.stringify(supported)}.`,
  );
}

/** "a", "b" or "c", as they stand in `config.json`. */
export function quotedChoices(values: readonly string[]): string {
  return choices(values.map((value) => JSON.stringify(value)));
}

/** a, b or c */
export function choices(names: readonly string[]): string {
  return [names.slice(0, -1).join(', '), ...names.slice(-1)].filter(Boolean).join(' or ');
}

export function invalidConfig(what: string): UserError {
  return usageError(
    `config.json does not describe a model, since ${what}: correct it or choose another model.`,
  );
}

function number(
  fields: ConfigJson,
  name: string,
  fallback: number | undefined,
  isValid: (value: number) => boolean,
): number {
  const value = fields[name] ?? fallback;
  if (typeof value !== 'number' || !Number.isFinite(value) || !isValid(value)) {
    throw invalidConfig(`${name} is ${JSON.stringify(value ?? null)}`);
  }
  return value;
}

export interface Sizes {
  readonly vocabularySize: number;
  readonly hiddenSize: number;
  readonly hiddenLayers: number;
  readonly attentionHeads: number;
  readonly intermediateSize: number;
}

/** The sizes that most families call by the same names. */
export function readSizes(fields: ConfigJson): Sizes {
  return {
    vocabularySize: count(fields, 'vocab_size'),
    hiddenSize: count(fields, 'hidden_size'),
    hiddenLayers: count(fields, 'num_hidden_layers'),
    attentionHeads: count(fields, 'num_attention_heads'),
    intermediateSize: count(fields, 'intermediate_size'),
  };
}
