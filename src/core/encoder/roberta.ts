import type { EncoderFamily } from './family.js';

/** RoBERTa and DistilRoBERTa: positions begin behind the row that padding has. */
export const roberta: EncoderFamily = {
  label: 'RoBERTa',
  prefix: 'roberta',
  head: {
    dense: 'lm_head.dense',
    norm: 'lm_head.layer_norm',
    bias: 'lm_head.bias',
    decoder: 'lm_head.decoder',
  },
  architectures: { encoder: 'RobertaModel', maskedLm: 'RobertaForMaskedLM' },
  padTokenId: 1,
  ownConfigFields: { bos_token_id: 0, eos_token_id: 2 },
  paddingPosition: ({ padTokenId }) => padTokenId,
};
