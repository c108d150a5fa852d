/**
 * What an evaluation leaves in its run folder: `report.json` with everything that was measured,
 * `report.csv` (one row a model, protocol, number of labels and seed), and `predictions.csv`, by the
 * notes' ids and without their text, from which anyone can compute the figures again, the same briefly
 * for the panel (`outcomes.json`), and `report.html`. Where words that name the classes were removed, what was measured without them
 * stands beside the rest, told apart by `texts`.
 */
import { join } from 'node:path';
import { writeFileAtomic, writeFileAtomicWith } from '../../core/base/files.js';
import type { Assessed } from '../../core/evaluate/classification/assess.js';
import type { AskedComparison } from '../../core/evaluate/comparisons.js';
import { significance } from '../../core/evaluate/findings.js';
import { renderEvaluation } from '../../core/report/evaluation.js';
import type { TextsName } from '../../protocol/catalogue/evaluation.js';
import { evaluationFileNames } from '../../protocol/evaluationFiles.js';
import type { EvaluateContrast, EvaluateJob, EvaluateResult } from '../../protocol/evaluation.js';
import { modelName } from '../bundledModel.js';
import type { Classification } from './classify.js';
import { measuredIn, protocolOf } from './classification/measured.js';
import { pageOf } from './classification/page.js';
import { predictionTable, reportTable } from './classification/tables.js';
import { verdictOf } from './classification/verdict.js';
import { outcomesOf } from './outcomes.js';

export const reportFileNames = {
  ...evaluationFileNames,
  table: 'report.csv',
  predictions: 'predictions.csv',
  page: 'report.html',
} as const;

/** The result of the job: the main classifier of each model. */
export function classificationResult(
  { seed, classification }: EvaluateJob,
  found: Classification,
): EvaluateResult {
  const { whole, seen } = found;
  const main = measuredIn(found).flatMap(({ texts, assessment }) =>
    assessment.assessed
      .filter(({ setting }) => setting.isMain)
      .map((assessed) => ({ ...assessed, texts })),
  );
  return {
    kind: 'evaluate',
    documents: whole.material.test.documents.length,
    maskedTokens: null,
    results: main.flatMap(({ setting, byRun, texts }) =>
      setting.runs.map((run, i) => ({
        model: setting.model,
        protocol: protocolOf(setting.protocol),
        shots: setting.shots,
        ...(run.seed === seed ? {} : { seed: run.seed }),
        texts,
        ...definedIn(byRun[i]!),
      })),
    ),
    summary: main.map(({ setting, figures, texts }) => ({
      model: setting.model,
      protocol: protocolOf(setting.protocol),
      shots: setting.shots,
      texts,
      figures,
    })),
    comparisons: measuredIn(found).flatMap(({ texts, assessment }) =>
      assessment.comparisons.map((each) => ({
        a: each.a,
        b: each.b,
        against: each.against,
        protocol: protocolOf(each.protocol),
        shots: each.shots,
        texts,
        difference: each.difference,
        p: each.p,
        pHolm: each.pHolm,
      })),
    ),
    ...(classification?.contrasts === undefined ? {} : { contrasts: contrastsOf(found) }),
    verdict: verdictOf(found),
    leakage: seen,
  };
}

function contrastsOf(found: Classification): EvaluateContrast[] {
  const side = ({ model, protocol }: AskedComparison['a']): EvaluateContrast['a'] => ({
    model,
    protocol: protocolOf(protocol),
  });
  return measuredIn(found).flatMap(({ texts, assessment }) =>
    assessment.contrasts.map(({ a, b, shots, difference, p }) => ({
      ...{ a: side(a), b: side(b), shots, texts, difference, p },
    })),
  );
}

export async function writeEvaluationReport(
  folder: string,
  job: EvaluateJob,
  found: Classification,
  madeAt: number,
): Promise<void> {
  const { report, outcomes, table, predictions, page } = reportFileNames;
  const document = JSON.stringify(reportOf(job, found, madeAt), null, 1);
  await writeFileAtomic(join(folder, report), `${document}\n`);
  await writeFileAtomic(join(folder, table), reportTable(found));
  await writeFileAtomicWith(join(folder, predictions), async (file) => {
    for (const rows of predictionTable(found)) await file.writeFile(rows);
  });
  const briefly = outcomesOf(
    measuredIn(found).flatMap(({ assessment }) => assessment.assessed),
    found.whole.material,
    new Date(madeAt).toISOString(),
  );
  await writeFileAtomic(join(folder, outcomes), `${JSON.stringify(briefly)}\n`);
  await writeFileAtomic(join(folder, page), renderEvaluation(pageOf(job, found, madeAt)));
}

function reportOf(job: EvaluateJob, found: Classification, madeAt: number): object {
  const { whole, without, parts, sawTarget, copies } = found;
  const { material } = whole;
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
    withoutWords: without?.removed.words ?? [],
    removed: without && {
      notes: without.removed.notes,
      changed: without.removed.changed,
      empty: without.removed.empty,
    },
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
    settings: measuredIn(found).flatMap(({ texts, assessment }) =>
      assessment.assessed.map((assessed) => settingOf(assessed, texts)),
    ),
    ...result,
    mcNemar: measuredIn(found).flatMap(({ texts, assessment }) =>
      assessment.mcNemar.map((each) => ({ ...each, texts })),
    ),
    results,
    summary,
  };
}

function settingOf(
  { setting, figures, classes, confusion, reliability }: Assessed,
  texts: TextsName,
): object {
  const { model, protocol, classifier, isMain, shots, runs } = setting;
  return {
    ...{ model, protocol, classifier, isMain, shots, texts, figures, classes, reliability },
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

function definedIn(figures: Assessed['byRun'][number]): Partial<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(figures).filter(([, value]) => value !== null),
  ) as Partial<Record<string, number>>;
}
