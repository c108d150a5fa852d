import type { DeviceName } from './catalogue/devices.js';
import type { CorpusSpec } from './corpusSpec.js';

export interface IndexJob {
  readonly kind: 'index';
  readonly corpus: CorpusSpec;
  /** Absolute path of a Hugging Face folder. */
  readonly model: string;
  /** Absolute path of the store's folder. */
  readonly store: string;
  /** Another index of the same notes, by another model: both give a note the same key. */
  readonly beside?: string;
  readonly device: DeviceName;
  /** Put before queries and documents where the model's folder has no prompts. */
  readonly prompts?: { readonly query?: string; readonly document?: string };
}

export interface IndexResult {
  readonly kind: 'index';
  readonly documents: number;
  /** Passages in the store afterwards = embedded + reused. */
  readonly passages: number;
  readonly embedded: number;
  readonly reused: number;
  readonly removed: number;
  readonly seconds: number;
}
