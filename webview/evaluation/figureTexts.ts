/** How figures with intervals are written. */
import { figureEntries, figureText } from '../../src/protocol/catalogue/evaluation.js';
import type { FigureName } from '../../src/protocol/catalogue/protocols.js';
import type { Estimate } from '../../src/protocol/evaluation.js';

/** "62.1 (58.0 to 66.2)" of a share in per cent, which the heading says. */
export function estimateText(name: FigureName, { mean, low, high }: Estimate): string {
  const text = (value: number): string => plain(name, value);
  return `${text(mean)} (${text(low)} to ${text(high)})`;
}

/** Without a unit. */
export function plain(name: FigureName, value: number): string {
  return figureText(name, value).replace(' %', '').replace('-', '−');
}

export function heading(name: FigureName): string {
  const { label, format } = figureEntries[name];
  return format === 'share' ? `${label}, %` : label;
}

/** In percentage points: "+4.1 (2.6 to 5.7)". */
export function pointsText({ mean, low, high }: Estimate): string {
  const points = (value: number): string => (100 * value).toFixed(1).replace('-', '−');
  return `${mean > 0 ? '+' : ''}${points(mean)} (${points(low)} to ${points(high)})`;
}
