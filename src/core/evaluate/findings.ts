/** What a single comparison comes to, and how sentences say it. */
import type { Shots } from '../../protocol/catalogue/evaluation.js';
import type { Comparison } from './comparisons.js';

export interface VerdictNames {
  /** Name of a model in messages. */
  readonly nameOf: (model: string) => string;
  /** "frozen", "fine-tuned": what a model is in a protocol. */
  readonly whenIn: (protocol: string) => string;
}

/** A difference is found where its adjusted p-value is below this. */
export const significance = 0.05;

export type Finding = 'better' | 'worse' | 'none';

export function findingOf({ difference, pHolm }: Comparison): Finding {
  if (pHolm >= significance) return 'none';
  return difference.mean > 0 ? 'better' : 'worse';
}

/** What the second model is to the first: "its base" only where it is. */
export function otherName({ against, b }: Comparison, { nameOf }: VerdictNames): string {
  if (against === 'tfIdf') return 'TF-IDF';
  return against === 'base' ? 'its base' : nameOf(b);
}

/** Distance in percentage points. */
export function points({ difference }: Comparison): string {
  return `${(Math.abs(difference.mean) * 100).toFixed(1)} points`;
}

/**
 * The interval: of the distance where one side is found better, else signed. An interval is of one
 * comparison alone: where it leaves out 0 and yet nothing is found, the reason is said.
 */
export function range(comparison: Comparison): string {
  const { low, high } = comparison.difference;
  const finding = findingOf(comparison);
  const [from, to] = finding === 'worse' ? [-high, -low] : [low, high];
  const interval = `${signed(from)} to ${signed(to)}`;
  const isAlone = finding === 'none' && (low > 0 || high < 0);
  return isAlone
    ? `${interval} by itself, but p = ${comparison.pHolm.toFixed(2)} among all comparisons`
    : interval;
}

function signed(share: number): string {
  const text = (Math.abs(share) * 100).toFixed(1);
  return share < 0 && text !== '0.0' ? `−${text}` : text;
}

export function sizeOf(shots: Shots): number {
  return shots === 'all' ? Infinity : shots;
}

export function mostShots(comparisons: readonly Comparison[]): Shots | null {
  return comparisons.reduce<Shots | null>(
    (most, { shots }) => (most === null || sizeOf(shots) > sizeOf(most) ? shots : most),
    null,
  );
}

/** "8, 16 and 32" */
export function listed(items: readonly string[]): string {
  return new Intl.ListFormat('en-GB').format(items);
}
