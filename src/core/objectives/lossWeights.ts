import { usageError } from '../base/errors.js';
import type { LossName, LossWeights, ObjectiveName, ObjectiveSettings } from './objective.js';

const recipes: Readonly<Record<ObjectiveName, LossWeights>> = {
  mlm: { mlm: 1 },
  declutr: { ntXent: 1, mlm: 1 },
  'note-category': { mlm: 1, category: 0.1 },
};

/** The recipe's weights, or the user's for the same losses; a loss that the user leaves out keeps its own. */
export function lossWeightsOf(
  objective: ObjectiveName,
  { lossWeights }: Pick<ObjectiveSettings, 'lossWeights'>,
): LossWeights {
  const recipe = recipes[objective];
  const names = Object.keys(recipe);
  for (const name of Object.keys(lossWeights ?? {})) {
    if (!names.includes(name)) {
      throw usageError(
        `The objective ${objective} has no loss "${name}": weigh ${names.join(' and ')}.`,
      );
    }
  }
  const weights = { ...recipe, ...lossWeights };
  if (Object.values(weights).every((weight) => weight === 0)) {
    throw usageError('Every loss has the weight 0: give one of them a weight above it.');
  }
  return weights;
}

/** Sum of weight x loss, over the losses that there are. */
export function totalLoss(
  weights: LossWeights,
  losses: Readonly<Partial<Record<LossName, number>>>,
): number {
  const names = Object.keys(losses) as LossName[];
  return names.reduce((sum, name) => sum + (weights[name] ?? 0) * losses[name]!, 0);
}
