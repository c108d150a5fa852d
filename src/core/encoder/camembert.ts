import { robertaFamily } from './roberta.js';

/** CamemBERT (Martin et al., 2020): RoBERTa over a SentencePiece vocabulary of French. */
export const camembert = robertaFamily({
  encoder: 'CamembertModel',
  maskedLm: 'CamembertForMaskedLM',
});
