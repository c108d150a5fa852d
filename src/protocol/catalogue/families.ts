/**
 * Encoder families that can be trained and used for embedding, by the `model_type` of
 * `config.json`.
 */

export interface FamilyEntry {
  /** The makers' own spelling. */
  readonly label: string;
  readonly sentence: string;
}

export const families = {
  roberta: { label: 'RoBERTa', sentence: 'RoBERTa and what was trained from it.' },
  bert: { label: 'BERT', sentence: 'BERT and what was trained from it.' },
  distilbert: { label: 'DistilBERT', sentence: 'DistilBERT and what was trained from it.' },
  modernbert: {
    label: 'ModernBERT',
    sentence: 'ModernBERT and what was trained from it; most take notes of 8,192 tokens.',
  },
  nomic_bert: {
    label: 'NomicBERT',
    sentence: 'NomicBERT and Nomic Embed; most take notes of 2,048 or 8,192 tokens.',
  },
  'xlm-roberta': {
    label: 'XLM-RoBERTa',
    sentence: 'XLM-RoBERTa and what was trained from it, for many languages.',
  },
  camembert: {
    label: 'CamemBERT',
    sentence: 'CamemBERT and what was trained from it, for French.',
  },
  mpnet: { label: 'MPNet', sentence: 'MPNet and what was trained from it.' },
  'megatron-bert': {
    label: 'Megatron-BERT',
    sentence: 'Megatron-BERT, such as GatorTron, which was trained on clinical notes.',
  },
  electra: { label: 'ELECTRA', sentence: 'ELECTRA, generators and discriminators.' },
} as const satisfies Readonly<Record<string, FamilyEntry>>;

export type FamilyName = keyof typeof families;
export const familyNames = Object.keys(families) as FamilyName[];
