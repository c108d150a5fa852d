/**
 * Low-rank adaptation (Hu et al., "LoRA", 2021): a matrix W stays as it is, and alpha / rank x B A is
 * learned beside it. B starts at 0, so that training starts from the model as it was.
 */

/** What the adaptable matrices of a layer do. A family says which of its own each one is. */
export const loraModules = [
  'query',
  'key',
  'value',
  'attention.output',
  'intermediate',
  'output',
] as const;
export type LoraModule = (typeof loraModules)[number];

export interface LoraSettings {
  readonly rank: number;
  readonly alpha: number;
  readonly dropout: number;
  readonly modules: readonly LoraModule[];
}
