/** Counts the categories of the training documents, and advises what would improve training. */
import type { CategorisedDocument, CategoryCount, ObjectiveSettings } from './objective.js';

export function countCategories(documents: readonly CategorisedDocument[]): CategoryCount[] {
  const counts = new Map<string, number>();
  for (const { category } of documents) {
    if (category !== null) counts.set(category, (counts.get(category) ?? 0) + 1);
  }
  return [...counts]
    .map(([name, count]) => ({ name, documents: count }))
    .sort((a, b) => b.documents - a.documents || (a.name < b.name ? -1 : 1));
}

/**
 * Weight of each class; their mean over the documents is 1. `balanced`: as scikit-learn's
 * `class_weight`, the same total for each class that has documents.
 *
 * @param counts documents of each class
 */
export function classWeights(
  counts: readonly number[],
  weighting: ObjectiveSettings['categoryWeights'],
): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const present = counts.filter((count) => count > 0).length;
  return counts.map((count) =>
    weighting === 'equal' ? 1 : count === 0 ? 0 : total / (present * count),
  );
}

export function categoryAdvice(
  documents: readonly CategorisedDocument[],
  categories: readonly CategoryCount[],
  { categoryWeights }: Pick<ObjectiveSettings, 'categoryWeights'>,
): string[] {
  const [most, least] = [categories[0], categories.at(-1)];
  if (most === undefined || least === undefined) return [];
  const advice: string[] = [];
  const ratio = most.documents / least.documents;
  if (ratio >= 5 && categoryWeights === 'equal') {
    advice.push(
      `The most frequent category has ${Math.round(ratio)} times the notes of the rarest: set categoryWeights to "balanced" to let each category count the same.`,
    );
  }
  const single = categories.filter(({ documents }) => documents === 1).length;
  if (single > 0) {
    advice.push(
      `${single} of ${categories.length} categories have a single note, from which little can be learned: merge them or choose a coarser field.`,
    );
  }
  const without = documents.filter(({ category }) => category === null).length;
  if (without > 0) {
    advice.push(
      `${without} of ${documents.length} training notes have no category: they train masked language modelling alone.`,
    );
  }
  return advice;
}
