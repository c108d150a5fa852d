/** Names and formats the figures of evaluation protocols. */
import { figures, protocolNames, protocols } from './protocols.js';
import type { Figure, FigureName, ProtocolEntry, ProtocolName } from './protocols.js';

/** Entries without their literal types, for code that names no protocol or figure. */
export const protocolEntries: Readonly<Record<ProtocolName, ProtocolEntry>> = protocols;
export const figureEntries: Readonly<Record<FigureName, Figure>> = figures;

/** Protocols that predict a field. */
export const targetProtocols = protocolNames.filter(
  (name) => protocolEntries[name].target !== null,
);

/** Figures of one model by name; omits those that its protocol does not give. */
export type Figures = Readonly<Partial<Record<FigureName, number>>>;

/** Number of notes of each class that a model was trained on. */
export type Shots = number | 'all';

/** The notes as they are, or without the words that name what is to be predicted. */
export const textsNames = ['whole', 'without-words'] as const;
export type TextsName = (typeof textsNames)[number];

/**
 * Why two models are compared: the second is the base of the first; it is the first one named, where
 * the first's base is not known or not evaluated; it is the baseline of words.
 */
export const comparisonReasons = ['base', 'first', 'tfIdf'] as const;
export type ComparisonReason = (typeof comparisonReasons)[number];

/** A figure as displayed; a dash if it is missing or not finite. */
export function figureText(name: FigureName, value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  switch (figureEntries[name].format) {
    case 'loss':
      return value.toFixed(3);
    case 'magnitude':
      return magnitudeText(value);
    case 'share':
      return `${(value * 100).toFixed(1)} %`;
  }
}

/**
 * Distance from the baseline, unsigned: in percentage points for a share, otherwise as a percentage
 * of it.
 */
export function differenceText(name: FigureName, value: number, baseline: number): string {
  return figureEntries[name].format === 'share'
    ? `${Math.abs((value - baseline) * 100).toFixed(1)} points`
    : `${Math.abs(((value - baseline) / baseline) * 100).toFixed(1)} %`;
}

/** Three significant digits, or more if the integer part needs them. */
function magnitudeText(value: number): string {
  if (Math.round(Math.abs(value)) < 1000) return value.toPrecision(3);
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, '\u2009');
}
