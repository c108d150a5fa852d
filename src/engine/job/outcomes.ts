/** Which test note was given which class, for the panel: small enough to be read at once. */
import type { Assessed } from '../../core/evaluate/classification/assess.js';
import type { Material } from '../../core/evaluate/classification/material.js';
import type { Run } from '../../core/evaluate/classification/runs.js';
import type { Shots } from '../../protocol/catalogue/evaluation.js';
import type { EvaluationOutcomes } from '../../protocol/evaluationFiles.js';

/** @param madeAt as in the report, whose settings are `assessed` in their order */
export function outcomesOf(
  assessed: readonly Assessed[],
  { target, test, testSet }: Material,
  madeAt: string,
): EvaluationOutcomes {
  const most = mostLabels(assessed.map(({ setting }) => setting.shots));
  return {
    format: 1,
    madeAt,
    labels: testSet.labels,
    ids: test.documents.map(({ id }) => id),
    actual: [...testSet.actual],
    settings: assessed.flatMap(({ setting: { shots, runs } }, setting) =>
      shots !== most
        ? []
        : {
            setting,
            runs: runs.map((run) => ({
              seed: run.seed,
              predicted: [...run.predicted],
              confidence: testSet.labels === 'one' ? confidences(run, target.classes.length) : null,
            })),
          },
    ),
  };
}

function mostLabels(shots: readonly Shots[]): Shots {
  const numbers = shots.filter((count) => count !== 'all');
  return numbers.length < shots.length ? 'all' : Math.max(...numbers);
}

/** To three digits: it orders a list and is shown in per cent. */
function confidences({ probabilities, predicted }: Run, classes: number): number[] | null {
  if (probabilities === null) return null;
  return Array.from(predicted, (k, i) => Number(probabilities[i * classes + k]!.toFixed(3)));
}
