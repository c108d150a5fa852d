/**
 * Model types that people meet and that are not supported, each with the family to choose instead:
 * the nearest in what it is used for.
 */
import type { FamilyName } from './families.js';

export interface OtherFamily {
  /** The makers' own spelling. */
  readonly label: string;
  readonly instead: FamilyName;
}

/** By the `model_type` of `config.json`. */
export const otherFamilies: Readonly<Record<string, OtherFamily>> = {
  albert: { label: 'ALBERT', instead: 'bert' },
  bart: { label: 'BART', instead: 'roberta' },
  big_bird: { label: 'BigBird', instead: 'modernbert' },
  convbert: { label: 'ConvBERT', instead: 'electra' },
  'data2vec-text': { label: 'Data2Vec', instead: 'roberta' },
  deberta: { label: 'DeBERTa', instead: 'roberta' },
  'deberta-v2': { label: 'DeBERTa-v2 and v3', instead: 'roberta' },
  ernie: { label: 'ERNIE', instead: 'bert' },
  eurobert: { label: 'EuroBERT', instead: 'modernbert' },
  flaubert: { label: 'FlauBERT', instead: 'camembert' },
  funnel: { label: 'Funnel', instead: 'bert' },
  gpt2: { label: 'GPT-2', instead: 'roberta' },
  led: { label: 'LED', instead: 'modernbert' },
  llama: { label: 'Llama', instead: 'modernbert' },
  longformer: { label: 'Longformer', instead: 'modernbert' },
  luke: { label: 'LUKE', instead: 'roberta' },
  mistral: { label: 'Mistral', instead: 'modernbert' },
  mobilebert: { label: 'MobileBERT', instead: 'distilbert' },
  mt5: { label: 'mT5', instead: 'xlm-roberta' },
  new: { label: 'GTE', instead: 'modernbert' },
  nystromformer: { label: 'Nyströmformer', instead: 'modernbert' },
  qwen2: { label: 'Qwen2', instead: 'modernbert' },
  qwen3: { label: 'Qwen3', instead: 'modernbert' },
  rembert: { label: 'RemBERT', instead: 'xlm-roberta' },
  'roberta-prelayernorm': { label: 'RoBERTa-PreLayerNorm', instead: 'megatron-bert' },
  roformer: { label: 'RoFormer', instead: 'nomic_bert' },
  squeezebert: { label: 'SqueezeBERT', instead: 'distilbert' },
  t5: { label: 'T5', instead: 'mpnet' },
  xlm: { label: 'XLM', instead: 'xlm-roberta' },
  'xlm-roberta-xl': { label: 'XLM-RoBERTa-XL', instead: 'xlm-roberta' },
  xlnet: { label: 'XLNet', instead: 'mpnet' },
  xmod: { label: 'X-MOD', instead: 'xlm-roberta' },
  yoso: { label: 'YOSO', instead: 'modernbert' },
};
