import { usageError } from '../base/errors.js';
import type { LossName } from '../../protocol/catalogue/losses.js';
import type { ObjectiveName } from '../../protocol/catalogue/objectives.js';
import { lossesOf, objectiveEntries } from '../../protocol/catalogue/training.js';
import type { LossWeights } from '../../protocol/catalogue/training.js';

/** The recipe's weights with the user's overrides; an omitted loss keeps the recipe's weight. */
export function lossWeightsOf(
  objective: ObjectiveName,
  { lossWeights }: { readonly lossWeights: LossWeights | null },
): LossWeights {
  const names: readonly string[] = lossesOf(objective);
  for (const name of Object.keys(lossWeights ?? {})) {
    if (!names.includes(name)) {
      throw usageError(
        `The objective ${objective} has no loss "${name}": weigh ${names.join(' and ')}.`,
      );
    }
  }
  const weights = { ...objectiveEntries[objective].lossWeights, ...lossWeights };
  if (Object.values(weights).every((weight) => weight === 0)) {
    throw usageError('Every loss has the weight 0: give one of them a weight above it.');
  }
  return weights;
}

/** Losses with a weight above 0. */
export function weighedLosses(weights: LossWeights): LossName[] {
  return (Object.keys(weights) as LossName[]).filter((name) => weights[name]! > 0);
}

/** Sum of weight x loss over the losses present. */
export function totalLoss(
  weights: LossWeights,
  losses: Readonly<Partial<Record<LossName, number>>>,
): number {
  const names = Object.keys(losses) as LossName[];
  return names.reduce((sum, name) => sum + (weights[name] ?? 0) * losses[name]!, 0);
}
