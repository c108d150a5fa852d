/** Removes words from texts: whole words, however their letters are cased. */

export interface WithoutWords {
  /** In the order of the texts. */
  readonly texts: string[];
  /** Texts in which a word was removed. */
  readonly changed: number;
  /** Texts that have no word left. */
  readonly empty: number;
}

/** @param words entries as of `parseWordList` */
export function removeWords(texts: readonly string[], words: readonly string[]): WithoutWords {
  if (words.length === 0) return { texts: [...texts], changed: 0, empty: 0 };
  const pattern = patternOf(words, 'g');
  let [changed, empty] = [0, 0];
  const left = texts.map((text) => {
    const without = text.replace(pattern, '');
    if (without !== text) changed++;
    if (!/[\p{L}\p{N}]/u.test(without)) empty++;
    return without;
  });
  return { texts: left, changed, empty };
}

/**
 * Matches any of the entries as whole words, longest first, with a possessive "'s". Between the words of an entry there
 * may be white space, hyphens or underscores, or nothing ("follow up", "follow-up", "followup").
 *
 * @param flags beyond those for case and Unicode
 */
export function patternOf(entries: readonly string[], flags: '' | 'g'): RegExp {
  const alternatives = entries
    .map((entry) => entry.split(/[\s_-]+/).filter((word) => word !== ''))
    .filter((words) => words.length > 0)
    .sort((a, b) => b.join(' ').length - a.join(' ').length)
    .map((words) => words.map(escaped).join('[\\s_-]*'));
  return new RegExp(
    `(?<![\\p{L}\\p{M}\\p{N}])(?:${alternatives.join('|')})(?:['’]s)?(?![\\p{L}\\p{M}\\p{N}])`,
    `iu${flags}`,
  );
}

function escaped(word: string): string {
  return word.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
