import type { FamilyName } from '../../protocol/catalogue/families.js';
import { bert } from './bert.js';
import { camembert } from './camembert.js';
import { distilbert } from './distilbert.js';
import { electra } from './electra.js';
import type { EncoderFamily } from './family.js';
import { modernbert } from './modernbert.js';
import { nomicBert } from './nomicBert.js';
import { megatronBert } from './megatronBert.js';
import { mpnet } from './mpnet.js';
import { roberta } from './roberta.js';
import { xlmRoberta } from './xlmRoberta.js';

/** Every family, by the `model_type` of `config.json`. */
export const families: Readonly<Record<FamilyName, EncoderFamily>> = {
  roberta,
  bert,
  distilbert,
  modernbert,
  nomic_bert: nomicBert,
  'xlm-roberta': xlmRoberta,
  camembert,
  mpnet,
  'megatron-bert': megatronBert,
  electra,
};
