/** The page of an evaluation, for people; `report.json` is for programs. */
import { basename } from 'node:path';
import { classifierLabels } from '../../../core/evaluate/classification/classifier.js';
import { classificationFigures } from '../../../core/evaluate/metrics/figures.js';
import type { EvaluationReport } from '../../../core/report/evaluationReport.js';
import { figureEntries, protocolEntries } from '../../../protocol/catalogue/evaluation.js';
import type { EvaluateJob } from '../../../protocol/evaluation.js';
import { modelName } from '../../bundledModel.js';
import type { Classification } from '../classify.js';
import { measuredIn, protocolOf } from './measured.js';
import { verdictOf } from './verdict.js';

export function pageOf(job: EvaluateJob, found: Classification, madeAt: number): EvaluationReport {
  const { whole, without } = found;
  const { target, train, validation, test } = whole.material;
  // In the order of the catalogue: what models are compared by comes first.
  const shown = protocolEntries[job.protocol].figures.flatMap(
    (name) => classificationFigures.find((known) => known === name) ?? [],
  );
  const whenOf = (protocol: string): string =>
    protocolEntries[protocolOf(protocol)].target?.when ?? protocol;
  return {
    title: `Evaluation: ${basename(job.corpus.source)}`,
    madeAt: new Date(madeAt).toLocaleString('en-GB', { dateStyle: 'long', timeStyle: 'short' }),
    target: target.field,
    classNames: target.classes,
    documents: {
      train: train.documents.length,
      validation: validation.documents.length,
      test: test.documents.length,
    },
    resampled: test.documents.some(({ group }) => group !== null) ? 'patients' : 'notes',
    verdict: verdictOf(found),
    figureNames: shown.map((name) => figureEntries[name].label),
    settings: measuredIn(found).flatMap(({ texts, assessment }) =>
      assessment.assessed.map(({ setting, figures, classes, confusion, reliability }) => {
        const { model, protocol, classifier, isMain, shots, runs } = setting;
        const memory = runs.flatMap(({ memoryBytes }) => memoryBytes ?? []);
        return {
          model: modelName(model),
          when: whenOf(protocol),
          classifier: classifierLabels[classifier],
          ...{ texts, isMain, shots, classes, reliability },
          figures: shown.map((name) => figures[name] ?? null),
          seeds: runs.length,
          seconds: runs.reduce((sum, { seconds }) => sum + seconds, 0) / runs.length,
          trainableParameters: runs[0]!.trainableParameters,
          memoryBytes: memory.length === 0 ? null : Math.max(...memory),
          confusion: confusion === null ? null : [...confusion],
        };
      }),
    ),
    comparisons: measuredIn(found).flatMap(({ texts, assessment }) =>
      assessment.comparisons.map(({ a, b, against, protocol, shots, difference, p, pHolm }) => ({
        a: modelName(a),
        b: modelName(b),
        when: whenOf(protocol),
        ...{ texts, against, shots, difference, p, pHolm },
      })),
    ),
    withoutWords: without?.removed.words ?? [],
  };
}
