/** `report.csv` and `predictions.csv`: for anyone who would compute the figures again. */
import { classificationFigures } from '../../../core/evaluate/metrics/figures.js';
import { csv } from '../../../core/report/csv.js';
import type { CsvCell } from '../../../core/report/csv.js';
import type { Classification, Measured } from '../classify.js';
import { measuredIn } from './measured.js';

/** A row a model, protocol, classifier, number of labels, seed and version of the texts. */
export function reportTable(found: Classification): string {
  const head = [
    ...['model', 'protocol', 'classifier', 'shots', 'seed', 'documents'],
    ...classificationFigures,
    ...['choice', 'trainableParameters', 'seconds', 'memoryBytes', 'texts'],
  ];
  return csv([head, ...measuredIn(found).flatMap(runRows)]);
}

function runRows({ texts, assessment }: Measured): CsvCell[][] {
  return assessment.assessed.flatMap(({ setting, byRun }) =>
    setting.runs.map((run, i): CsvCell[] => [
      ...[setting.model, setting.protocol, setting.classifier, setting.shots, run.seed],
      run.documents,
      ...classificationFigures.map((name) => byRun[i]![name]),
      ...[run.choice, run.trainableParameters, run.seconds, run.memoryBytes, texts],
    ]),
  );
}

/**
 * By the notes' ids and without their text; piece by piece, since many models with many samples of labels have more
 * rows than a string can hold.
 */
export function* predictionTable(found: Classification): Generator<string> {
  const head = [
    ...['id', 'model', 'protocol', 'classifier', 'shots', 'seed', 'actual', 'predicted'],
    ...['probability', 'texts'],
  ];
  yield csv([head]);
  for (const measured of measuredIn(found)) {
    for (const rows of predictionRows(measured)) yield csv(rows);
  }
}

/** Of each run; of one label a class; of several, those of the note joined by "; ". */
function* predictionRows({ texts, assessment, material }: Measured): Generator<CsvCell[][]> {
  const { target, test, testSet } = material;
  const named = (values: Int32Array | Uint8Array, document: number): string => {
    if (testSet.labels === 'one') return target.classes[values[document]!]!;
    const { classes } = target;
    return classes.filter((_, k) => values[document * classes.length + k] === 1).join('; ');
  };
  for (const { setting } of assessment.assessed) {
    for (const run of setting.runs) {
      yield test.documents.map(({ id }, i): CsvCell[] => [
        ...[id, setting.model, setting.protocol, setting.classifier, setting.shots, run.seed],
        ...[named(testSet.actual, i), named(run.predicted, i)],
        run.probabilities === null || testSet.labels === 'several'
          ? null
          : run.probabilities[i * target.classes.length + run.predicted[i]!]!,
        texts,
      ]);
    }
  }
}
