/** How reports write numbers. */
import { count } from '../base/wording.js';
import { html } from './html.js';
import type { Html } from './html.js';

/** A share as "12.3 %". */
export function percent(share: number): string {
  return `${hundredths(share)} %`;
}

/** A share in hundredths, "12.3", where a caption says so. */
export function hundredths(share: number): string {
  return (100 * share).toFixed(1).replace('-', '−');
}

/** A mean over seeds, with its 95 % interval; shares in [0, 1]. */
export interface ReportedFigure {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** In hundredths; a dash for `null`. */
export function interval(figure: ReportedFigure | null | undefined): Html | string {
  if (figure === null || figure === undefined) return '–';
  const { mean, low, high } = figure;
  return html`${hundredths(mean)} <small>${hundredths(low)} to ${hundredths(high)}</small>`;
}

/** A p-value. */
export function chance(p: number): string {
  return p < 0.001 ? '< 0.001' : p.toFixed(3);
}

/** "1.3 GB" */
export function bytes(value: number): string {
  return value < 1e9 ? `${count(value / 1e6)} MB` : `${(value / 1e9).toFixed(1)} GB`;
}
