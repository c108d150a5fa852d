/** What a protocol's figures are called, and how they are written. */
import { figures, protocols } from './protocols.js';
import type { Figure, FigureName, ProtocolEntry, ProtocolName } from './protocols.js';

/** Entries without their literal types, for code that knows no protocol and no figure by name. */
export const protocolEntries: Readonly<Record<ProtocolName, ProtocolEntry>> = protocols;
export const figureEntries: Readonly<Record<FigureName, Figure>> = figures;

/** Figures of one model by name; those that its protocol does not give are absent. */
export type Figures = Readonly<Partial<Record<FigureName, number>>>;

/** How many notes of each class a model learned from. */
export type Shots = number | 'all';

/** A figure as people read it; a dash where it is missing or beyond all measure. */
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

/** How far a figure is from the baseline's, without a sign. */
export function differenceText(name: FigureName, value: number, baseline: number): string {
  return figureEntries[name].format === 'share'
    ? `${Math.abs((value - baseline) * 100).toFixed(1)} points`
    : `${Math.abs(((value - baseline) / baseline) * 100).toFixed(1)} %`;
}

/** Three significant digits, but never fewer than the integer part has. */
function magnitudeText(value: number): string {
  if (Math.round(Math.abs(value)) < 1000) return value.toPrecision(3);
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, '\u2009');
}
