/**
 * Words that name the category, for a second evaluation without them: the type of a note is often written in its first
 * line, and a model that reads it there has learned nothing else. The list is proposed, and the user edits it.
 */
import { plural } from '../../base/wording.js';
import { abbreviationsOf, formsOf, namesIn } from './nameForms.js';
import { patternOf } from './removeWords.js';

export interface LeakageWord {
  /** A word, or several: they are found however their letters are cased, and hyphenated or not. */
  readonly words: string;
  /** Categories that it names. */
  readonly categories: readonly string[];
  /** Notes in which it occurs. */
  readonly notes: number;
  /** Those of them that are of a category that it names. */
  readonly notesOfCategory: number;
}

export interface CategorisedText {
  readonly text: string;
  /** Names of its categories. */
  readonly categories: readonly string[];
}

/**
 * Proposes the words of the category names, the names themselves, their singular and plural, and abbreviations, as far as
 * they occur in a note. Most frequent first.
 *
 * @param notes training notes: what is proposed must not depend on test notes
 */
export function proposeLeakageWords(
  categories: readonly string[],
  notes: readonly CategorisedText[],
): LeakageWord[] {
  const named = new Map<string, Set<string>>();
  const propose = (words: string, category: string): void => {
    const known = named.get(words);
    if (known === undefined) named.set(words, new Set([category]));
    else known.add(category);
  };
  for (const category of categories) {
    for (const name of namesIn(category)) {
      for (const form of formsOf(name)) propose(form, category);
    }
    for (const abbreviation of abbreviationsOf(category)) propose(abbreviation, category);
  }
  return [...named]
    .map(([words, of]) => {
      const pattern = patternOf([words], '');
      const found = notes.filter(({ text }) => pattern.test(text));
      return {
        words,
        categories: [...of],
        notes: found.length,
        notesOfCategory: found.filter((note) => note.categories.some((each) => of.has(each)))
          .length,
      };
    })
    .filter((proposal) => proposal.notes > 0)
    .sort((a, b) => b.notes - a.notes || (a.words < b.words ? -1 : 1));
}

/** A text file to edit: an entry a line, with how many notes it occurs in after a "#". */
export function formatWordList(proposals: readonly LeakageWord[]): string {
  const lines = proposals.map(
    ({ words, notes, notesOfCategory }) =>
      `${words}  # ${plural(notes, 'note')}, ${notesOfCategory} of the category that it names`,
  );
  return `${['# Words to remove, one entry per line; what follows a # is ignored.', ...lines].join('\n')}\n`;
}

/** The entries of an edited list, each once. */
export function parseWordList(text: string): string[] {
  const entries = text.split(/\r?\n/).map((line) => line.replace(/#.*/, '').trim().toLowerCase());
  return [...new Set(entries.filter((entry) => /[\p{L}\p{N}]/u.test(entry)))];
}
