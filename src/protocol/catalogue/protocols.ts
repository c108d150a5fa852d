/** Evaluation protocols and their figures. */
import type { DeviceUse } from './devices.js';
import type { FieldRole } from './fieldRoles.js';

export interface Figure {
  readonly label: string;
  readonly lowerIsBetter: boolean;
  /**
   * `loss`: three decimals; `magnitude`: three significant digits, any size; `share`: in [0, 1],
   * shown as a percentage.
   */
  readonly format: 'loss' | 'magnitude' | 'share';
}

/**
 * Every figure of every protocol, in the order of the command line's JSON; a name means the same in
 * all protocols.
 */
export const figures = {
  macroF1: { label: 'Macro F1', lowerIsBetter: false, format: 'share' },
  accuracy: { label: 'Accuracy', lowerIsBetter: false, format: 'share' },
  weightedF1: { label: 'Weighted F1', lowerIsBetter: false, format: 'share' },
  balancedAccuracy: { label: 'Balanced accuracy', lowerIsBetter: false, format: 'share' },
  macroAuroc: { label: 'Macro AUROC', lowerIsBetter: false, format: 'share' },
  calibrationError: { label: 'Calibration error', lowerIsBetter: true, format: 'share' },
  loss: { label: 'Loss', lowerIsBetter: true, format: 'loss' },
  perplexity: { label: 'Perplexity', lowerIsBetter: true, format: 'magnitude' },
} as const satisfies Readonly<Record<string, Figure>>;

export type FigureName = keyof typeof figures;
export const figureNames = Object.keys(figures) as FigureName[];

export interface ProtocolEntry {
  readonly label: string;
  /** Explains its figures and which direction is better. */
  readonly sentence: string;
  /** In the order of the table's columns. */
  readonly figures: readonly FigureName[];
  /** Fields that it requires. */
  readonly needs: readonly FieldRole[];
  readonly needsMlmHead: boolean;
  /** What it uses a device for. */
  readonly computes: readonly DeviceUse[];
  /** Set for a protocol that predicts a field of the notes. */
  readonly target: TargetNeeds | null;
}

export interface TargetNeeds {
  /** How the verdict says it: "frozen", "fine-tuned". */
  readonly when: string;
  /** Seeds if the user names no number: of samples of few labels, and of what is drawn in training. */
  readonly seeds: number;
}

const classificationFigures = [
  'macroF1',
  'accuracy',
  'weightedF1',
  'balancedAccuracy',
  'macroAuroc',
  'calibrationError',
] as const;

export const protocols = {
  mlm: {
    label: 'Masked words',
    sentence:
      'How well each model guesses masked words of held-out notes. Lower loss and perplexity are better, and so is higher accuracy.',
    figures: ['loss', 'perplexity', 'accuracy'],
    needs: [],
    needsMlmHead: true,
    computes: ['train'],
    target: null,
  },
  frozen: {
    label: 'Classification, model frozen',
    sentence:
      'How well a classifier predicts a field from each model’s embeddings, which stay as they are. Beside the models: TF-IDF, naive Bayes, the majority, and random weights.',
    figures: classificationFigures,
    needs: [],
    needsMlmHead: false,
    computes: ['embed'],
    target: { when: 'frozen', seeds: 20 },
  },
  'fine-tuning': {
    label: 'Classification, model fine-tuned',
    sentence:
      'How well each model predicts a field when it learns together with the classifier. It takes far longer than with the model frozen.',
    figures: classificationFigures,
    needs: [],
    needsMlmHead: false,
    computes: ['train'],
    target: { when: 'fine-tuned', seeds: 3 },
  },
} as const satisfies Readonly<Record<string, ProtocolEntry>>;

export type ProtocolName = keyof typeof protocols;
export const protocolNames = Object.keys(protocols) as ProtocolName[];

/** Used if the user has not chosen. */
export const defaultProtocol: ProtocolName = 'mlm';
