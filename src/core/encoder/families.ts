import type { FamilyName } from '../../protocol/catalogue/families.js';
import { bert } from './bert.js';
import { distilbert } from './distilbert.js';
import type { EncoderFamily } from './family.js';
import { modernbert } from './modernbert.js';
import { nomicBert } from './nomicBert.js';
import { roberta } from './roberta.js';

/** Every family, by the `model_type` of `config.json`. */
export const families: Readonly<Record<FamilyName, EncoderFamily>> = {
  roberta,
  bert,
  distilbert,
  modernbert,
  nomic_bert: nomicBert,
};
