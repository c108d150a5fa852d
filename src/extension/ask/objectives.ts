/** The objectives as the user chooses between them, and what the categories of a corpus allow. */
import type { CorpusSummary } from '../../protocol/lookup.js';
import type { ObjectiveName } from '../../protocol/run.js';
import type { Corpus } from '../corpora/corpora.js';
import type { StepItem } from './stepPick.js';
import { count, objectiveNames, plural } from '../wording.js';

export const objectiveOrder: readonly ObjectiveName[] = ['mlm', 'declutr', 'note-category'];

/** What each learns, and what it needs. */
const sentences: Readonly<Record<ObjectiveName, string>> = {
  mlm: 'Learns the language of your notes by guessing hidden words. Needs nothing but text.',
  declutr: 'Learns which passages are of one note, and hidden words. Needs nothing but text.',
  'note-category':
    'Learns to tell kinds of notes apart, and hidden words. Needs a category a note.',
};

export type Categories = CorpusSummary['categories'];

/** @param categories `null` while unknown */
export function objectiveItems(categories: Categories | null): StepItem<ObjectiveName>[] {
  return objectiveOrder.map((value) => ({
    value,
    label: objectiveNames[value],
    description: value === 'note-category' ? categoryRemark(categories) : '',
    detail: sentences[value],
  }));
}

function categoryRemark(categories: Categories | null): string {
  if (categories === null) return '';
  const notes = Object.values(categories).sort((a, b) => b - a);
  const [most, least] = [notes[0] ?? 0, notes.at(-1) ?? 0];
  if (notes.length < 2) return '$(circle-slash) not with this corpus';
  const known = `${count(notes.length)} categories of ${count(least)} to ${plural(most, 'note')}`;
  return most >= unbalanced * least ? `$(warning) ${known}, out of balance` : known;
}

/** From here on rare categories are worth weighting. */
const unbalanced = 10;

/** What to do before categories can be learnt, or `null` where they can. */
export function categoryProblem(categories: Categories, corpus: Corpus): string | null {
  const names = Object.keys(categories);
  if (names.length > 1) return null;
  const found =
    names.length === 0
      ? `The notes of ${corpus.name} have no category`
      : `All notes of ${corpus.name} are of one category`;
  const remedy = corpus.isFolder
    ? 'sort them into sub-folders, or name a column of metadata.csv as the category when you add the corpus'
    : 'add the corpus again, and name the column that holds the category';
  return `${found}: ${remedy}.`;
}
