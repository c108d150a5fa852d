/**
 * Encoder families that can be trained and used for embedding, by the `model_type` of
 * `config.json`.
 */

export interface FamilyEntry {
  /** The makers' own spelling. */
  readonly label: string;
  readonly sentence: string;
  /** Tokenizer class of transformers for a folder that names none. */
  readonly tokenizerClass: string;
  /** Set where published folders name a wrong class, so that what they name does not count. */
  readonly namesWrongTokenizer?: true;
}

export const families = {
  roberta: {
    label: 'RoBERTa',
    sentence: 'RoBERTa and what was trained from it.',
    tokenizerClass: 'RobertaTokenizer',
  },
  bert: {
    label: 'BERT',
    sentence: 'BERT and what was trained from it.',
    tokenizerClass: 'BertTokenizer',
  },
  distilbert: {
    label: 'DistilBERT',
    sentence: 'DistilBERT and what was trained from it.',
    tokenizerClass: 'BertTokenizer',
  },
  modernbert: {
    label: 'ModernBERT',
    sentence: 'ModernBERT and what was trained from it; most take notes of 8,192 tokens.',
    tokenizerClass: 'TokenizersBackend',
    namesWrongTokenizer: true,
  },
  nomic_bert: {
    label: 'NomicBERT',
    sentence: 'NomicBERT and Nomic Embed; most take notes of 2,048 or 8,192 tokens.',
    tokenizerClass: 'BertTokenizer',
  },
  'xlm-roberta': {
    label: 'XLM-RoBERTa',
    sentence: 'XLM-RoBERTa and what was trained from it, for many languages.',
    tokenizerClass: 'XLMRobertaTokenizer',
  },
  camembert: {
    label: 'CamemBERT',
    sentence: 'CamemBERT and what was trained from it, for French.',
    tokenizerClass: 'CamembertTokenizer',
  },
  mpnet: {
    label: 'MPNet',
    sentence: 'MPNet and what was trained from it.',
    tokenizerClass: 'MPNetTokenizer',
  },
  'megatron-bert': {
    label: 'Megatron-BERT',
    sentence: 'Megatron-BERT, such as GatorTron, which was trained on clinical notes.',
    tokenizerClass: 'BertTokenizer',
  },
  electra: {
    label: 'ELECTRA',
    sentence: 'ELECTRA, generators and discriminators.',
    tokenizerClass: 'BertTokenizer',
  },
} as const satisfies Readonly<Record<string, FamilyEntry>>;

export type FamilyName = keyof typeof families;
export const familyNames = Object.keys(families) as FamilyName[];
