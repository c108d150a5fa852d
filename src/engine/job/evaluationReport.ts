/**
 * What an evaluation leaves in its run folder: `report.json` with everything that was measured,
 * `report.csv` (one row a model, protocol, number of labels and seed), and `predictions.csv`, by the
 * notes' ids and without their text, from which anyone can compute the figures again, and
 * `report.html`.
 */
import { basename, join } from 'node:path';
import { writeFileAtomic } from '../../core/base/files.js';
import type { Assessed } from '../../core/evaluate/classification/assess.js';
import { classifierLabels } from '../../core/evaluate/classification/classifier.js';
import { classificationFigures } from '../../core/evaluate/metrics/figures.js';
import { seenSentences } from '../../core/evaluate/samples/seenDocuments.js';
import { significance, verdictSentences } from '../../core/evaluate/verdict.js';
import { renderEvaluation } from '../../core/report/evaluation.js';
import type { EvaluationReport } from '../../core/report/evaluation.js';
import { figureEntries, protocolEntries } from '../../protocol/catalogue/evaluation.js';
import { protocolNames } from '../../protocol/catalogue/protocols.js';
import type { ProtocolName } from '../../protocol/catalogue/protocols.js';
import type { EvaluateJob, EvaluateResult } from '../../protocol/run.js';
import { modelName } from '../bundledModel.js';
import type { Classification } from './classify.js';

export const reportFileNames = {
  report: 'report.json',
  table: 'report.csv',
  predictions: 'predictions.csv',
  page: 'report.html',
} as const;

/** The result of the job: the main classifier of each model. */
export function classificationResult({ seed }: EvaluateJob, found: Classification): EvaluateResult {
  const { assessment, material, seen } = found;
  const main = assessment.assessed.filter(({ setting }) => setting.isMain);
  return {
    kind: 'evaluate',
    documents: material.test.documents.length,
    maskedTokens: null,
    results: main.flatMap(({ setting, byRun }) =>
      setting.runs.map((run, i) => ({
        model: setting.model,
        protocol: protocolOf(setting.protocol),
        shots: setting.shots,
        ...(run.seed === seed ? {} : { seed: run.seed }),
        ...definedIn(byRun[i]!),
      })),
    ),
    summary: main.map(({ setting, figures }) => ({
      model: setting.model,
      protocol: protocolOf(setting.protocol),
      shots: setting.shots,
      figures,
    })),
    comparisons: assessment.comparisons.map((each) => ({
      a: each.a,
      b: each.b,
      protocol: protocolOf(each.protocol),
      shots: each.shots,
      difference: each.difference,
      p: each.p,
      pHolm: each.pHolm,
    })),
    verdict: verdictOf(found),
    leakage: seen,
  };
}

function verdictOf({ assessment, seen, sawTarget, copies, remarks }: Classification): string[] {
  const marked = [...sawTarget].flatMap(([model, how]) =>
    how === null
      ? []
      : how === 'same'
        ? `${modelName(model)} was trained on the very field that is predicted: its figures flatter it.`
        : `${modelName(model)} was trained on a field that tells the one that is predicted: its figures flatter it.`,
  );
  const copied =
    copies === 0
      ? []
      : [
          `${copies} test ${copies === 1 ? 'note has a near-copy' : 'notes have near-copies'} among the training or validation notes: what is learned by heart counts as known there.`,
        ];
  return [
    ...verdictSentences(assessment.comparisons, {
      nameOf: modelName,
      whenIn: (protocol) => protocolEntries[protocolOf(protocol)].target?.when ?? protocol,
    }),
    ...marked,
    ...copied,
    ...remarks,
    ...seenSentences(seen, 'test notes', modelName),
  ];
}

export async function writeEvaluationReport(
  folder: string,
  job: EvaluateJob,
  found: Classification,
  madeAt: number,
): Promise<void> {
  const { report, table, predictions, page: pageName } = reportFileNames;
  const document = JSON.stringify(reportOf(job, found, madeAt), null, 1);
  await writeFileAtomic(join(folder, report), `${document}\n`);
  await writeFileAtomic(join(folder, table), csv(tableRows(found)));
  await writeFileAtomic(join(folder, predictions), csv(predictionRows(found)));
  await writeFileAtomic(join(folder, pageName), renderEvaluation(pageOf(job, found, madeAt)));
}

/** For people; `report.json` is for programs. */
function pageOf(job: EvaluateJob, found: Classification, madeAt: number): EvaluationReport {
  const { assessment, material } = found;
  const { target, train, validation, test } = material;
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
    settings: assessment.assessed.map(({ setting, figures, classes, confusion, reliability }) => {
      const { model, protocol, classifier, isMain, shots, runs } = setting;
      return {
        model: modelName(model),
        when: whenOf(protocol),
        classifier: classifierLabels[classifier],
        ...{ isMain, shots, classes, reliability },
        figures: shown.map((name) => figures[name] ?? null),
        seeds: runs.length,
        seconds: runs.reduce((sum, { seconds }) => sum + seconds, 0) / runs.length,
        trainableParameters: runs[0]!.trainableParameters,
        confusion: confusion === null ? null : [...confusion],
      };
    }),
    comparisons: assessment.comparisons.map(({ a, b, protocol, shots, difference, p, pHolm }) => ({
      a: modelName(a),
      b: modelName(b),
      when: whenOf(protocol),
      ...{ shots, difference, p, pHolm },
    })),
    withoutWords: job.classification?.withoutWords ?? [],
  };
}

function reportOf(job: EvaluateJob, found: Classification, madeAt: number): object {
  const { assessment, material, parts, sawTarget, copies } = found;
  const { target } = material;
  const { results, summary, ...result } = classificationResult(job, found);
  return {
    format: 1,
    madeAt: new Date(madeAt).toISOString(),
    corpus: job.corpus.source,
    target: {
      field: target.field,
      labels: target.labels,
      classes: target.classes,
      withoutValue: target.withoutValue,
      leftOut: target.singles,
    },
    withoutWords: job.classification?.withoutWords ?? [],
    parts: {
      train: material.train.documents.length,
      validation: material.validation.documents.length,
      test: material.test.documents.length,
      cutFromTrain: parts.cut,
      copiesInTest: copies,
    },
    significance,
    models: [...sawTarget].map(([model, saw]) => ({
      model,
      name: modelName(model),
      sawTarget: saw,
    })),
    settings: assessment.assessed.map(settingOf),
    ...result,
    mcNemar: assessment.mcNemar,
    results,
    summary,
  };
}

function settingOf({ setting, figures, classes, confusion, reliability }: Assessed): object {
  const { model, protocol, classifier, isMain, shots, runs } = setting;
  return {
    ...{ model, protocol, classifier, isMain, shots, figures, classes, reliability },
    confusion: confusion === null ? null : [...confusion],
    runs: runs.map((run) => ({
      seed: run.seed,
      documents: run.documents,
      choice: run.choice,
      trainableParameters: run.trainableParameters,
      seconds: run.seconds,
      memoryBytes: run.memoryBytes,
    })),
  };
}

type Cell = string | number | null;

function tableRows({ assessment }: Classification): Cell[][] {
  const head = [
    ...['model', 'protocol', 'classifier', 'shots', 'seed', 'documents'],
    ...classificationFigures,
    ...['choice', 'trainableParameters', 'seconds', 'memoryBytes'],
  ];
  const rows = assessment.assessed.flatMap(({ setting, byRun }) =>
    setting.runs.map((run, i): Cell[] => [
      ...[setting.model, setting.protocol, setting.classifier, setting.shots, run.seed],
      run.documents,
      ...classificationFigures.map((name) => byRun[i]![name]),
      ...[run.choice, run.trainableParameters, run.seconds, run.memoryBytes],
    ]),
  );
  return [head, ...rows];
}

/** Of one label a class; of several, those of the note joined by "; ". */
function predictionRows({ assessment, material }: Classification): Cell[][] {
  const { target, test, testSet } = material;
  const named = (values: Int32Array | Uint8Array, document: number): string => {
    if (testSet.labels === 'one') return target.classes[values[document]!]!;
    const { classes } = target;
    return classes.filter((_, k) => values[document * classes.length + k] === 1).join('; ');
  };
  const head = [
    'id',
    'model',
    'protocol',
    'classifier',
    'shots',
    'seed',
    'actual',
    'predicted',
    'probability',
  ];
  const rows = assessment.assessed.flatMap(({ setting }) =>
    setting.runs.flatMap((run) =>
      test.documents.map(({ id }, i): Cell[] => [
        ...[id, setting.model, setting.protocol, setting.classifier, setting.shots, run.seed],
        ...[named(testSet.actual, i), named(run.predicted, i)],
        run.probabilities === null || testSet.labels === 'several'
          ? null
          : run.probabilities[i * target.classes.length + run.predicted[i]!]!,
      ]),
    ),
  );
  return [head, ...rows];
}

function csv(rows: readonly (readonly Cell[])[]): string {
  const cell = (value: Cell): string => {
    const text = value === null ? '' : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

function definedIn(figures: Assessed['byRun'][number]): Partial<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(figures).filter(([, value]) => value !== null),
  ) as Partial<Record<string, number>>;
}

function protocolOf(name: string): ProtocolName {
  const known = protocolNames.find((each) => each === name);
  if (known === undefined) throw new RangeError(`there is no protocol ${name}`);
  return known;
}
