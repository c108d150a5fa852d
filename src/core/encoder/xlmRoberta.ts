import { robertaFamily } from './roberta.js';

/** XLM-RoBERTa (Conneau et al., 2020): RoBERTa over a SentencePiece vocabulary of many languages. */
export const xlmRoberta = robertaFamily({
  encoder: 'XLMRobertaModel',
  maskedLm: 'XLMRobertaForMaskedLM',
});
