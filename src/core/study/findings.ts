/**
 * Whether what the paper found holds here. Each claim has comparisons of its own, settled before anything was measured;
 * their p-values are adjusted together (Holm), over all bases, targets, protocols and numbers of labels. A claim holds
 * where every one of its comparisons agrees, fails where one speaks against it, and is open otherwise: a difference that
 * was not found is not a difference of 0.
 */
import { studyClaims, studyRecipeEntries } from '../../protocol/catalogue/study.js';
import type { StudyFinding, StudyModel, StudyRecipeName } from '../../protocol/catalogue/study.js';
import { holm } from '../base/intervals.js';
import { significance } from '../evaluate/findings.js';
import {
  adaptedComparisons,
  clusterComparisons,
  costOfFreezing,
  rivalComparisons,
} from './comparisons.js';
import type { Compared } from './comparisons.js';
import type { StudyOutcome } from './outcome.js';
import { evidenceOf, unmeasured } from './evidence.js';
import type { Weighed } from './evidence.js';

/** "Little" is less than this, of macro-F1. */
export const littleLost = 0.05;

export function studyFindings(outcome: StudyOutcome): StudyFinding[] {
  return [
    adaptedBeatsBase(outcome),
    contrastiveBestFrozen(outcome),
    categoryClearestClusters(outcome),
    fewParametersSuffice(outcome),
  ];
}

function judged(compared: readonly Compared[]): Weighed[] {
  const adjusted = holm(compared.map(({ p }) => p));
  return compared.map((each, i) => {
    const pHolm = adjusted[i]!;
    const isFound = pHolm < significance;
    const verdict = isFound ? (each.difference.mean > 0 ? 'better' : 'worse') : 'none';
    return { ...each, pHolm, verdict };
  });
}

/** `null`: some are neither. */
function allAgree(found: readonly Weighed[]): boolean | null {
  if (found.some(({ verdict }) => verdict === 'worse')) return false;
  return found.length > 0 && found.every(({ verdict }) => verdict === 'better') ? true : null;
}

function adaptedBeatsBase(outcome: StudyOutcome): StudyFinding {
  const found = judged(adaptedComparisons(outcome));
  const claim = studyClaims.adaptedBeatsBase;
  if (found.length === 0) return unmeasured(claim, 'no adapted model was compared with its base');
  return {
    claim,
    holds: allAgree(found),
    evidence: evidenceOf(found, 'against its base', outcome),
  };
}

function contrastiveBestFrozen(outcome: StudyOutcome): StudyFinding {
  const claim = studyClaims.contrastiveBestFrozen;
  const chosen = representative(outcome, 'contrast', [
    'declutr',
    'contrastive',
    'mlm-then-declutr',
  ]);
  const all = rivalComparisons(outcome, 'contrast', 'frozen');
  const found = judged(all.filter(({ a }) => recipeOf(outcome, a) === chosen));
  if (chosen === null || found.length === 0) {
    return unmeasured(claim, 'no contrastive model was compared with another adapted model');
  }
  const others = all.filter(({ a }) => recipeOf(outcome, a) !== chosen);
  const { label } = studyRecipeEntries[chosen];
  return {
    claim,
    holds: allAgree(found),
    evidence: [
      ...(others.length === 0
        ? []
        : [
            `The verdict is about ${label}, the paper's own recipe; the others are shown beside it.`,
          ]),
      ...evidenceOf(found, 'against the model named', outcome),
      ...evidenceOf(judged(others), 'against the model named', outcome, 'Beside it'),
    ],
  };
}

function categoryClearestClusters(outcome: StudyOutcome): StudyFinding {
  const claim = studyClaims.categoryClearestClusters;
  const chosen = representative(outcome, 'category', [
    'category-cross-entropy',
    'category-sup-con',
  ]);
  const ofChosen = ({ a }: Compared): boolean => recipeOf(outcome, a) === chosen;
  const clusters = judged(clusterComparisons(outcome).filter(ofChosen));
  const classified = judged(
    (['frozen', 'fine-tuning'] as const)
      .flatMap((protocol) => rivalComparisons(outcome, 'category', protocol))
      .filter(ofChosen),
  );
  if (chosen === null || clusters.length === 0 || classified.length === 0) {
    return unmeasured(claim, 'no model of note categories was compared with another adapted model');
  }
  const clearest = allAgree(clusters);
  // Better classification: better than every rival somewhere.
  const isBetter = [...new Set(classified.map(({ setting }) => setting))].some((setting) =>
    classified
      .filter((each) => each.setting === setting)
      .every(({ verdict }) => verdict === 'better'),
  );
  return {
    claim,
    holds: isBetter ? false : clearest,
    evidence: [
      `Clusters: ${clearest === true ? 'clearer than after every other training' : clearest === false ? 'not the clearest' : 'not told apart from all others'}, by the silhouette of the categories (cosine).`,
      ...evidenceOf(clusters, 'silhouette against the model named', outcome),
      `Classification: ${isBetter ? 'better than every other adapted model in one setting at least' : 'in no setting better than every other adapted model'}.`,
      ...evidenceOf(classified, 'against the model named', outcome),
      ...flattered(outcome),
    ],
  };
}

function flattered({ classified, models }: StudyOutcome): string[] {
  const saw = new Set(classified.flatMap(({ sawTarget }) => sawTarget));
  const names = models.filter(({ model }) => saw.has(model)).map(({ name }) => name);
  return names.length === 0
    ? []
    : [
        `The training of ${new Intl.ListFormat('en-GB').format(names)} saw what is predicted: the figures flatter it.`,
      ];
}

function fewParametersSuffice(outcome: StudyOutcome): StudyFinding {
  const claim = studyClaims.fewParametersSuffice;
  const found = judged(costOfFreezing(outcome));
  if (found.length === 0)
    return unmeasured(claim, 'no adapted model was both frozen and fine-tuned');
  const lost = found.some(({ difference }) => difference.high < -littleLost);
  const kept = found.every(({ difference }) => difference.low > -littleLost);
  return {
    claim,
    holds: lost ? false : kept ? true : null,
    evidence: [
      `Frozen models, of which only a classifier is trained, against the same ones fine-tuned; little is less than ${100 * littleLost} points of macro-F1.`,
      ...evidenceOf(found, 'frozen against fine-tuned', outcome),
    ],
  };
}

function representative(
  { models }: StudyOutcome,
  family: 'contrast' | 'category',
  inOrder: readonly StudyRecipeName[],
): StudyRecipeName | null {
  const there = models.flatMap(({ recipe }) =>
    recipe !== null && studyRecipeEntries[recipe].family === family ? [recipe] : [],
  );
  return inOrder.find((name) => there.includes(name)) ?? null;
}

function recipeOf({ models }: StudyOutcome, model: string): StudyModel['recipe'] {
  return models.find((each) => each.model === model)?.recipe ?? null;
}
