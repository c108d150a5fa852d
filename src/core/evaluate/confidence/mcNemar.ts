/**
 * McNemar's test: whether two models err on different numbers of documents (McNemar, 1947). It knows nothing of groups
 * and takes one run of each model; both p-values are two-sided, as statsmodels computes them.
 */

import { erfc } from '../../base/erfc.js';

export interface McNemar {
  /** Documents that only the first model has right. */
  readonly onlyFirst: number;
  readonly onlySecond: number;
  /** Binomial. */
  readonly exactP: number;
  /** With Yates' correction; the statistic has one degree of freedom. */
  readonly chiSquared: { readonly statistic: number; readonly p: number };
}

/**
 * @param first whether the first model has each document right
 * @param second whether the second has, in the same order
 */
export function mcNemar(first: readonly boolean[], second: readonly boolean[]): McNemar {
  if (first.length !== second.length) {
    throw new RangeError(`${first.length} and ${second.length} documents are not the same`);
  }
  const onlyFirst = first.filter((right, i) => right && second[i] === false).length;
  const onlySecond = second.filter((right, i) => right && first[i] === false).length;
  const differing = onlyFirst + onlySecond;
  // Without any difference, nothing speaks for one.
  const statistic = differing === 0 ? 0 : (Math.abs(onlyFirst - onlySecond) - 1) ** 2 / differing;
  return {
    onlyFirst,
    onlySecond,
    exactP: Math.min(1, 2 * halfBinomialTail(Math.min(onlyFirst, onlySecond), differing)),
    chiSquared: { statistic, p: differing === 0 ? 1 : erfc(Math.sqrt(statistic / 2)) },
  };
}

/**
 * P(X <= k) of a binomial with n trials of 1/2, for k <= n / 2. The largest term is a product that is kept within
 * range by powers of two; the others follow from it.
 */
export function halfBinomialTail(k: number, n: number): number {
  let term = 1;
  let exponent = -n;
  for (let i = 1; i <= k; i++) {
    term *= (n - k + i) / i;
    if (term > 2 ** 500) {
      term *= 2 ** -500;
      exponent += 500;
    }
  }
  let sum = term;
  for (let i = k; i > 0; i--) {
    term *= i / (n - i + 1);
    sum += term;
  }
  // In two steps: a power beyond the range would be 0 although the product is not.
  return sum * 2 ** Math.ceil(exponent / 2) * 2 ** Math.floor(exponent / 2);
}
