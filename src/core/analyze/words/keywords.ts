/**
 * Keywords of groups of notes by class-based TF-IDF (Grootendorst, "BERTopic", 2022), with its two remedies for words
 * that are frequent everywhere: the root of a term's share within the group, and weights as in BM25.
 */

/** How often each term occurs in each note; sparse. */
export interface TermCounts {
  /** [terms] */
  readonly terms: readonly string[];
  /** [terms]: notes that hold it. */
  readonly documents: ArrayLike<number>;
  readonly counts: {
    readonly rows: number;
    /** [rows + 1] */
    readonly starts: Int32Array;
    readonly indices: Int32Array;
    readonly values: Float64Array;
  };
}

export interface KeywordOptions {
  /** At most so many for each group. */
  readonly most: number;
  /** Terms in fewer notes name nobody's group: they may be names, or mistakes. */
  readonly minDocuments: number;
}

export const usualKeywords = { most: 8, minDocuments: 3 } as const satisfies KeywordOptions;

/** Words that other groups use nearly as much name nobody's group, however frequent they are in it. */
const leastLift = 1.5;

/**
 * @param groups [rows], -1 for none
 * @returns for each group, best first; never a number alone
 */
export function keywords(
  counted: TermCounts,
  groups: Int32Array,
  groupCount: number,
  { most, minDocuments }: KeywordOptions = usualKeywords,
): string[][] {
  const { terms, documents } = counted;
  const counts = countByGroup(counted, groups, groupCount);
  const all = counts.totals.reduce((sum, total) => sum + total, 0);
  const namesGroup = (term: number, group: number): boolean => {
    const [own, total] = [counts.ofGroups[group]!.get(term)!, counts.totals[group]!];
    const elsewhere = (counts.frequencies[term]! - own) / Math.max(1, all - total);
    return own / total >= leastLift * elsewhere;
  };
  return scoresOf(counts).map((scores, group) =>
    [...scores]
      .filter(
        ([term, score]) =>
          score > 0 &&
          documents[term]! >= minDocuments &&
          /\p{L}/u.test(terms[term]!) &&
          namesGroup(term, group),
      )
      .sort(([a, one], [b, other]) => other - one || a - b)
      .slice(0, most)
      .map(([term]) => terms[term]!),
  );
}

/**
 * Scores by term, for each group: root of its share of the group's terms, times ln(1 + (A - f + 0.5) / (f + 0.5)),
 * where f is how often it occurs in all groups and A the mean number of terms of a group.
 */
export function classTermScores(
  counted: TermCounts,
  groups: Int32Array,
  groupCount: number,
): Map<number, number>[] {
  return scoresOf(countByGroup(counted, groups, groupCount));
}

interface GroupCounts {
  /** Of each group, how often it has each of its terms. */
  readonly ofGroups: readonly ReadonlyMap<number, number>[];
  /** [groups] */
  readonly totals: Float64Array;
  /** [terms]: in all groups. */
  readonly frequencies: Float64Array;
}

function countByGroup(
  { terms, counts }: TermCounts,
  groups: Int32Array,
  groupCount: number,
): GroupCounts {
  const ofGroups = Array.from({ length: groupCount }, () => new Map<number, number>());
  const totals = new Float64Array(groupCount);
  const frequencies = new Float64Array(terms.length);
  for (let row = 0; row < counts.rows; row++) {
    const group = groups[row]!;
    if (group < 0) continue;
    const own = ofGroups[group]!;
    for (let i = counts.starts[row]!; i < counts.starts[row + 1]!; i++) {
      const [term, count] = [counts.indices[i]!, counts.values[i]!];
      own.set(term, (own.get(term) ?? 0) + count);
      totals[group]! += count;
      frequencies[term]! += count;
    }
  }
  return { ofGroups, totals, frequencies };
}

function scoresOf({ ofGroups, totals, frequencies }: GroupCounts): Map<number, number>[] {
  const mean = totals.reduce((sum, total) => sum + total, 0) / ofGroups.length;
  return ofGroups.map((own, group) => {
    const scored = [...own].map(([term, count]): [number, number] => {
      const frequency = frequencies[term]!;
      const rarity = Math.log(1 + (mean - frequency + 0.5) / (frequency + 0.5));
      return [term, Math.sqrt(count / totals[group]!) * rarity];
    });
    return new Map(scored);
  });
}
