/**
 * How well groups agree with categories, as scikit-learn computes it: the adjusted Rand index (Hubert and Arabie,
 * 1985), normalised mutual information (arithmetic mean), V-measure (Rosenberg and Hirschberg, 2007), and purity, the
 * share of notes that are of their group's most frequent category. Notes without either are left out.
 */
import type { Measure } from '../space/bootstrap.js';

export interface Agreement {
  readonly adjustedRandIndex: number;
  readonly normalisedMutualInformation: number;
  readonly vMeasure: number;
  readonly homogeneity: number;
  readonly completeness: number;
  readonly purity: number;
}

/**
 * @param groups [notes], -1 for none
 * @param categories [notes], -1 for none
 * @param weights [notes]: how often each counts
 */
export function agreement(
  groups: Int32Array,
  categories: Int32Array,
  weights: Int32Array,
): Agreement {
  const [rows, columns] = [1 + largest(groups), 1 + largest(categories)];
  const table = new Float64Array(rows * columns);
  for (let note = 0; note < groups.length; note++) {
    const [group, category] = [groups[note]!, categories[note]!];
    if (group >= 0 && category >= 0) table[group * columns + category]! += weights[note]!;
  }
  const ofGroup = new Float64Array(rows);
  const ofCategory = new Float64Array(columns);
  const purest = new Float64Array(rows);
  table.forEach((count, at) => {
    const row = Math.floor(at / columns);
    ofGroup[row]! += count;
    ofCategory[at % columns]! += count;
    purest[row] = Math.max(purest[row]!, count);
  });
  const total = sum(ofGroup);
  if (total === 0) return undefinedAgreement;
  const { homogeneity, completeness } = information(table, ofGroup, ofCategory, total);
  const both = homogeneity + completeness;
  const v = both === 0 ? 0 : (2 * homogeneity * completeness) / both;
  return {
    adjustedRandIndex: randIndex(table, ofGroup, ofCategory, total),
    // With the arithmetic mean, these two are the same number.
    normalisedMutualInformation: v,
    vMeasure: v,
    homogeneity,
    completeness,
    purity: sum(purest) / total,
  };
}

const undefinedAgreement: Agreement = {
  adjustedRandIndex: NaN,
  normalisedMutualInformation: NaN,
  vMeasure: NaN,
  homogeneity: NaN,
  completeness: NaN,
  purity: NaN,
};

/** @param names what the figures that are wanted are called */
export function agreementMeasure(
  groups: Int32Array,
  categories: Int32Array,
  names: Readonly<Partial<Record<keyof Agreement, string>>>,
): Measure {
  const asked = Object.entries(names) as [keyof Agreement, string][];
  return (weights) => {
    const found = agreement(groups, categories, weights);
    return Object.fromEntries(asked.map(([key, name]) => [name, found[key]]));
  };
}

/** From the counts of pairs of notes that are together in both, in one or in neither. */
function randIndex(
  table: Float64Array,
  ofGroup: Float64Array,
  ofCategory: Float64Array,
  total: number,
): number {
  const squares = (counts: Float64Array): number => sum(counts.map((count) => count * count));
  const [both, groups, categories] = [squares(table), squares(ofGroup), squares(ofCategory)];
  const together = both - total;
  const onlyGroup = groups - both;
  const onlyCategory = categories - both;
  const apart = total * total - groups - categories + both;
  if (onlyGroup === 0 && onlyCategory === 0) return 1;
  return (
    (2 * (together * apart - onlyGroup * onlyCategory)) /
    ((together + onlyGroup) * (onlyGroup + apart) +
      (together + onlyCategory) * (onlyCategory + apart))
  );
}

function information(
  table: Float64Array,
  ofGroup: Float64Array,
  ofCategory: Float64Array,
  total: number,
): { readonly homogeneity: number; readonly completeness: number } {
  const entropy = (counts: Float64Array): number =>
    sum(counts.map((count) => (count > 0 ? -(count / total) * Math.log(count / total) : 0)));
  const columns = ofCategory.length;
  let mutual = 0;
  table.forEach((count, at) => {
    if (count === 0) return;
    const expected = (ofGroup[Math.floor(at / columns)]! * ofCategory[at % columns]!) / total;
    mutual += (count / total) * Math.log(count / expected);
  });
  const [group, category] = [entropy(ofGroup), entropy(ofCategory)];
  return {
    homogeneity: category > 0 ? mutual / category : 1,
    completeness: group > 0 ? mutual / group : 1,
  };
}

function largest(labels: Int32Array): number {
  return labels.reduce((most, label) => Math.max(most, label), -1);
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
