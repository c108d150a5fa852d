/** Ways of evaluating models, and the figures that each gives. */
import type { FieldRole } from './fieldRoles.js';

export interface Figure {
  readonly label: string;
  readonly lowerIsBetter: boolean;
  /** `loss`: three decimals; `magnitude`: three digits, of any size; `share`: of 1, shown in per cent. */
  readonly format: 'loss' | 'magnitude' | 'share';
}

/** Every figure of every protocol, in the order of the command line's JSON: a name means the same wherever it stands. */
export const figures = {
  macroF1: { label: 'Macro F1', lowerIsBetter: false, format: 'share' },
  accuracy: { label: 'Accuracy', lowerIsBetter: false, format: 'share' },
  loss: { label: 'Loss', lowerIsBetter: true, format: 'loss' },
  perplexity: { label: 'Perplexity', lowerIsBetter: true, format: 'magnitude' },
} as const satisfies Readonly<Record<string, Figure>>;

export type FigureName = keyof typeof figures;
export const figureNames = Object.keys(figures) as FigureName[];

export interface ProtocolEntry {
  readonly label: string;
  /** What its figures say and which way is better. */
  readonly sentence: string;
  /** In the order of a table's columns. */
  readonly figures: readonly FigureName[];
  /** Fields without which it measures nothing. */
  readonly needs: readonly FieldRole[];
  readonly needsMlmHead: boolean;
}

export const protocols = {
  mlm: {
    label: 'Masked words',
    sentence:
      'How well each model guesses masked words of held-out notes. Lower loss and perplexity are better, and so is higher accuracy.',
    figures: ['loss', 'perplexity', 'accuracy'],
    needs: [],
    needsMlmHead: true,
  },
} as const satisfies Readonly<Record<string, ProtocolEntry>>;

export type ProtocolName = keyof typeof protocols;
export const protocolNames = Object.keys(protocols) as ProtocolName[];

/** Where nobody has chosen. */
export const defaultProtocol: ProtocolName = 'mlm';
