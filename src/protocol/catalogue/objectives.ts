/** Pre-training objectives, in the order in which they are offered. */
import type { FieldRole } from './fieldRoles.js';
import type { LossName } from './losses.js';
import type { Settings } from './setting.js';

export interface ObjectiveEntry {
  readonly label: string;
  /** The same for somebody who wonders which to choose: what is learnt, as an order. */
  readonly purpose: string;
  /** What it learns and needs, for the user who chooses. */
  readonly sentence: string;
  /** How the model was trained, for its card. */
  readonly card: string;
  /** Default weights of its losses. */
  readonly lossWeights: Readonly<Partial<Record<LossName, number>>>;
  /** Fields that it requires. */
  readonly needs: readonly FieldRole[];
  /** Unit of batch sizes; always `documents` if one of its losses compares. */
  readonly batches: 'tokens' | 'documents';
  /** Name of the objective that is a stage of its own before it; absent: it has one stage. */
  readonly first?: string;
  /** Settings other than those of its losses. */
  readonly settings: Settings;
}

const spanSettings = {
  anchorsPerDocument: {
    kind: 'count',
    initial: 2,
    from: 1,
    description: 'Anchor spans that DeCLUTR draws from a document.',
  },
  shortestSpan: {
    kind: 'count',
    initial: 32,
    from: 1,
    description:
      'Fewest tokens of a span, where half the longest is no less; maxLength is the most.',
  },
} as const satisfies Settings;

export const objectives = {
  mlm: {
    label: 'Masked tokens',
    purpose: 'Learn the wording (MLM)',
    sentence:
      'Learns the language of your notes by guessing hidden words: for a model that does not know it yet. Needs nothing but text.',
    card: 'masked language modelling',
    lossWeights: { mlm: 1 },
    needs: [],
    batches: 'tokens',
    settings: {},
  },
  declutr: {
    label: 'DeCLUTR',
    purpose: 'Learn which notes are similar (DeCLUTR)',
    sentence:
      'Learns which passages are of one note, and hidden words: best for Similar Notes. Needs nothing but text.',
    card: 'DeCLUTR: contrast of spans, with masked language modelling',
    lossWeights: { ntXent: 1, mlm: 1 },
    needs: [],
    batches: 'documents',
    settings: spanSettings,
  },
  'mlm-then-declutr': {
    label: 'Masked tokens, then DeCLUTR',
    purpose: 'Learn the wording, then which notes are similar (MLM, then DeCLUTR)',
    sentence:
      'Learns the language of your notes first, then which passages are of one note: for Similar Notes with a model that does not know your wording yet. Needs nothing but text.',
    card: 'masked language modelling, then DeCLUTR: contrast of spans, with masked language modelling',
    lossWeights: { ntXent: 1, mlm: 1 },
    needs: [],
    batches: 'documents',
    first: 'mlm',
    settings: spanSettings,
  },
  'note-category': {
    label: 'Note category',
    purpose: 'Learn to tell categories apart',
    sentence:
      'Learns to tell kinds of notes apart, and hidden words: best where the categories are what matters. Every note needs a category.',
    card: 'note categories, with masked language modelling',
    lossWeights: { mlm: 1, category: 0.1 },
    needs: ['category'],
    batches: 'tokens',
    settings: {},
  },
  tsdae: {
    label: 'TSDAE',
    purpose: 'Learn to sum up passages (TSDAE)',
    sentence:
      'Learns to write each passage from the embedding of a few of its words: another way to Similar Notes. Needs nothing but text, and a BERT or RoBERTa model.',
    card: 'TSDAE: passages rebuilt from the embedding of what is left of them',
    lossWeights: { denoising: 1 },
    needs: [],
    batches: 'tokens',
    settings: {},
  },
} as const satisfies Readonly<Record<string, ObjectiveEntry>>;

export type ObjectiveName = keyof typeof objectives;
export const objectiveNames = Object.keys(objectives) as ObjectiveName[];

/** Used if the user has not chosen. */
export const defaultObjective: ObjectiveName = 'mlm';
