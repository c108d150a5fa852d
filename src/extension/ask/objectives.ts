/** The objectives as a list to choose from, and which of them a corpus's notes allow. */
import { count, plural } from '../../core/base/wording.js';
import { fieldRoles } from '../../protocol/catalogue/fieldRoles.js';
import { objectiveNames } from '../../protocol/catalogue/objectives.js';
import type { ObjectiveName } from '../../protocol/catalogue/objectives.js';
import { objectiveEntries } from '../../protocol/catalogue/training.js';
import type { CorpusSummary } from '../../protocol/lookup.js';
import type { Corpus } from '../corpora/corpora.js';
import type { StepItem } from './stepPick.js';

export type Categories = CorpusSummary['categories'];

/** @param categories `null` while unknown */
export function objectiveItems(categories: Categories | null): StepItem<ObjectiveName>[] {
  return objectiveNames.map((value) => {
    const { purpose, sentence, needs } = objectiveEntries[value];
    return {
      value,
      label: purpose,
      description: needs.includes('category') ? categoryRemark(categories) : '',
      detail: sentence,
    };
  });
}

/** What the user must do before the notes suit the objective, or `null` if they already do. */
export function objectiveProblem(
  objective: ObjectiveName,
  summary: Pick<CorpusSummary, 'categories' | 'mapping'>,
  corpus: Corpus,
): string | null {
  for (const role of objectiveEntries[objective].needs) {
    const problem =
      role === 'category'
        ? categoryProblem(summary.categories, corpus)
        : summary.mapping[role] === null
          ? missingField(fieldRoles[role].label, corpus)
          : null;
    if (problem !== null) return problem;
  }
  return null;
}

function missingField(label: string, corpus: Corpus): string {
  return `The notes of ${corpus.name} have no field for: ${label}. Add the corpus again, and choose one.`;
}

function categoryRemark(categories: Categories | null): string {
  if (categories === null) return '';
  const notes = Object.values(categories).sort((a, b) => b - a);
  const [most, least] = [notes[0] ?? 0, notes.at(-1) ?? 0];
  if (notes.length < 2) return '$(circle-slash) not with this corpus';
  const known = `${count(notes.length)} categories of ${count(least)} to ${plural(most, 'note')}`;
  return most >= unbalanced * least ? `$(warning) ${known}, out of balance` : known;
}

/** Ratio from which weighting rare categories is worthwhile. */
const unbalanced = 10;

/** What the user must do before categories can be learnt, or `null` if they can be already. */
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
