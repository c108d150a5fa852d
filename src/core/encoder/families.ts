import { bert } from './bert.js';
import type { EncoderFamily } from './family.js';
import { roberta } from './roberta.js';

/** Every family, by the `model_type` of `config.json`. */
export const families = { roberta, bert } as const satisfies Record<string, EncoderFamily>;

export type ModelType = keyof typeof families;

export function familyOf({ modelType }: { readonly modelType: ModelType }): EncoderFamily {
  return families[modelType];
}
