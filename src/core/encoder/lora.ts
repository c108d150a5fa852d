/**
 * Low-rank adaptation (Hu et al., "LoRA", 2021): freezes a matrix W and trains alpha / rank x B A,
 * which is added to it. B starts at 0, so that training starts from the unchanged model.
 */

/** Roles of the adaptable matrices of a layer; a family assigns them to its own. */
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
