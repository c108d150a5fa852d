/** The losses that objectives combine, in the order of legends and their colours. */
import type { Condition, Settings } from './setting.js';

export interface LossEntry {
  /** In a legend, in lower case. */
  readonly label: string;
  readonly sentence: string;
  /** Whether it compares all sequences of a step with each other. */
  readonly compares: boolean | Condition;
  /** Whether it needs a masked-language-model head: the base model's, or a new one. */
  readonly needsMlmHead: boolean;
  /** Settings that affect its value; read only if the loss has a weight above 0. */
  readonly settings: Settings;
}

export const losses = {
  mlm: {
    label: 'masked tokens',
    sentence: 'Cross-entropy of the tokens that were masked.',
    compares: false,
    needsMlmHead: true,
    settings: {
      mlmProbability: {
        kind: 'number',
        initial: 0.15,
        from: 0.01,
        to: 0.8,
        description: 'Share of the tokens that is predicted.',
      },
      wholeWordMasking: {
        kind: 'flag',
        initial: false,
        description: 'Masks all tokens of a word together.',
      },
    },
  },
  ntXent: {
    label: 'contrast',
    sentence: 'How well spans of one note are told from those of others (NT-Xent).',
    compares: true,
    needsMlmHead: false,
    settings: {
      positivesPerAnchor: {
        kind: 'count',
        initial: 2,
        from: 1,
        description: 'Positive spans that DeCLUTR draws for an anchor.',
      },
      samplingStrategy: {
        kind: 'choice',
        initial: 'any',
        choices: ['any', 'adjacent', 'subsuming'],
        description: 'Where positives lie: anywhere near the anchor, beside it, or inside it.',
      },
      temperature: {
        kind: 'number',
        initial: 0.05,
        from: 1e-3,
        to: 10,
        description: 'Of NT-Xent.',
      },
    },
  },
  category: {
    label: 'category',
    sentence: 'How well notes of one category are told from those of others.',
    compares: { setting: 'categoryLoss', is: 'sup-con' },
    needsMlmHead: false,
    settings: {
      categoryLoss: {
        kind: 'choice',
        initial: 'cross-entropy',
        choices: ['cross-entropy', 'sup-con'],
        description: 'How categories are learned: by a classifier, or by supervised contrast.',
      },
      categoryTemperature: {
        kind: 'number',
        initial: 0.1,
        from: 1e-3,
        to: 10,
        description: 'Of the supervised contrastive loss.',
        when: { setting: 'categoryLoss', is: 'sup-con' },
      },
      categoryWeights: {
        kind: 'choice',
        initial: 'equal',
        proposed: 'balanced',
        choices: ['equal', 'balanced'],
        description:
          'Whether rare categories count as much as frequent ones (balanced) or each note does (equal).',
      },
    },
  },
  denoising: {
    label: 'reconstruction',
    sentence: 'Cross-entropy of the tokens of a passage, written from its embedding (TSDAE).',
    compares: false,
    needsMlmHead: true,
    settings: {
      deletionRatio: {
        kind: 'number',
        initial: 0.6,
        from: 0,
        to: 0.95,
        description: 'Share of the words that TSDAE deletes before it embeds a passage.',
      },
    },
  },
  labels: {
    label: 'labels',
    sentence: 'How well each label of a note is told from its absence, one sigmoid for each.',
    compares: false,
    needsMlmHead: false,
    settings: {},
  },
} as const satisfies Readonly<Record<string, LossEntry>>;

export type LossName = keyof typeof losses;
export const lossNames = Object.keys(losses) as LossName[];
