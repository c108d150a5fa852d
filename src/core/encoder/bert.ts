import type { EncoderFamily } from './family.js';

/**
 * BERT: positions begin at 0, whatever is padded. All our tokens are of its first type; its pooler
 * serves next-sentence prediction, which we do not train, and is left out.
 */
export const bert: EncoderFamily = {
  label: 'BERT',
  prefix: 'bert',
  head: {
    dense: 'cls.predictions.transform.dense',
    norm: 'cls.predictions.transform.LayerNorm',
    bias: 'cls.predictions.bias',
    decoder: 'cls.predictions.decoder',
  },
  architectures: { encoder: 'BertModel', maskedLm: 'BertForMaskedLM' },
  padTokenId: 0,
  ownConfigFields: {},
  paddingPosition: () => null,
};
