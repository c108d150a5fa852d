/** The comparisons that the claims of a study are about. */
import type { Shots } from '../../protocol/catalogue/evaluation.js';
import { protocolEntries } from '../../protocol/catalogue/evaluation.js';
import { studyRecipeEntries } from '../../protocol/catalogue/study.js';
import type { StudyRecipe } from '../../protocol/catalogue/study.js';
import type { ClassifiedPart, Estimate, Side, StudyOutcome } from './outcome.js';

/** `a` minus `b`. */
export interface Compared {
  readonly a: string;
  readonly b: string;
  readonly difference: Estimate;
  /** Of no difference, by itself. */
  readonly p: number;
  /** "bundled, category, frozen, all labels" */
  readonly setting: string;
  /** Whether it is a share of notes, shown in points. */
  readonly isShare: boolean;
}

/** Few labels and all: where the paper's claims were made. */
const claimedShots: readonly Shots[] = [16, 'all'];

/** Every adapted model against its base, in each protocol. */
export function adaptedComparisons({ classified }: StudyOutcome): Compared[] {
  return classified.flatMap((part) =>
    (part.result.comparisons ?? []).flatMap((each): Compared[] => {
      const { a, b, against, protocol, shots, texts = 'whole', difference, p } = each;
      const isClaimed = claimedShots.includes(shots) && texts === 'whole';
      if (against !== 'base' || protocol !== part.protocol || !isClaimed) return [];
      return [{ a, b, difference, p, setting: settingOf(part, protocol, shots), isShare: true }];
    }),
  );
}

/** Adapted models of a family against those of other families. */
export function rivalComparisons(
  outcome: StudyOutcome,
  family: StudyRecipe['family'],
  protocol: Side['protocol'],
): Compared[] {
  const isOf = familyTest(outcome, family);
  return asked(outcome, (a, b, part) => {
    const isHere = a.protocol === protocol && b.protocol === protocol && part.protocol === protocol;
    return isHere && isOf(a.model) && !isOf(b.model);
  });
}

/** Adapted models frozen against the same ones fine-tuned, on the same notes and samples of labels. */
export function costOfFreezing(outcome: StudyOutcome): Compared[] {
  const adapted = new Set(
    outcome.models.flatMap(({ model, recipe }) => (recipe === null ? [] : model)),
  );
  return asked(
    outcome,
    (a, b) => a.model === b.model && a.protocol !== b.protocol && adapted.has(a.model),
  );
}

/** How far apart categories are: the silhouette of models of note categories against other adapted ones. */
export function clusterComparisons(outcome: StudyOutcome): Compared[] {
  const isOf = familyTest(outcome, 'category');
  return outcome.spaces.flatMap(({ group, result }) =>
    (result.contrasts ?? []).flatMap(({ a, b, figure, difference, p }): Compared[] =>
      figure === 'silhouetteCosine' && isOf(a) && !isOf(b)
        ? [{ a, b, difference, p, setting: `${group}, held-out notes`, isShare: false }]
        : [],
    ),
  );
}

function familyTest(
  { models }: StudyOutcome,
  family: StudyRecipe['family'],
): (model: string) => boolean {
  const those = new Set(
    models.flatMap(({ model, recipe }) =>
      recipe !== null && studyRecipeEntries[recipe].family === family ? [model] : [],
    ),
  );
  return (model) => those.has(model);
}

function asked(
  { classified }: StudyOutcome,
  isWanted: (a: Side, b: Side, part: ClassifiedPart) => boolean,
): Compared[] {
  return classified.flatMap((part) =>
    (part.result.contrasts ?? []).flatMap(
      ({ a, b, shots, texts = 'whole', difference, p }): Compared[] => {
        const isClaimed = claimedShots.includes(shots) && texts === 'whole';
        if (!isClaimed || !isWanted(a, b, part)) return [];
        const setting = settingOf(part, a.protocol === b.protocol ? a.protocol : null, shots);
        return [{ a: a.model, b: b.model, difference, p, setting, isShare: true }];
      },
    ),
  );
}

/** @param protocol `null` where two are compared */
function settingOf(
  { group, target }: ClassifiedPart,
  protocol: Side['protocol'] | null,
  shots: Shots,
): string {
  const when = protocol === null ? [] : [protocolEntries[protocol].target?.when ?? protocol];
  const labels = shots === 'all' ? 'all labels' : `${shots} labels per class`;
  return [group, target, ...when, labels].join(', ');
}
