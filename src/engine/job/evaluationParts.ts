/** Cuts notes into training, validation and test, as every evaluation with this seed does. */
import type { Document } from '../../core/corpus/document.js';
import { splitInThree, usualFractions } from '../../core/corpus/threeParts.js';
import type { ThreeParts } from '../../core/corpus/threeParts.js';
import type { Target } from '../../core/evaluate/samples/target.js';
import { trainingDefaults } from '../../core/train/config.js';

export function evaluationParts(
  documents: readonly Document[],
  { classesOf }: Target,
  seed: number,
): ThreeParts {
  return splitInThree(documents, {
    seed,
    fractions: usualFractions,
    pretrainingHeldOut: trainingDefaults.heldOutFraction,
    classesOf,
  });
}
