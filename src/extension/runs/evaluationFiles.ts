/** What an evaluation left in its run folder, for the panel. */
import { join } from 'node:path';
import * as z from 'zod/mini';
import { failure } from '../../core/base/errors.js';
import { textsNames } from '../../protocol/catalogue/evaluation.js';
import { figureNames, protocolNames } from '../../protocol/catalogue/protocols.js';
import { evaluationFileNames } from '../../protocol/evaluationFiles.js';
import type { EvaluationOutcomes } from '../../protocol/evaluationFiles.js';
import { readReportFile } from './reportFile.js';

/** Only what the panel shows of a report; whatever else it has may change. */
function makeSchemas() {
  const text = z.string();
  const figure = z.number();
  const unknownFigure = z.nullable(figure);
  const shots = z.union([z.int(), z.literal('all')]);
  const estimate = z.object({ mean: figure, low: figure, high: figure });
  const protocol = z.enum(protocolNames);
  const setting = z.object({
    model: text,
    protocol,
    classifier: text,
    isMain: z.boolean(),
    shots,
    texts: z.exactOptional(z.enum(textsNames)),
    figures: z.partialRecord(z.enum(figureNames), estimate),
    classes: z.array(
      z.object({
        name: text,
        precision: estimate,
        recall: estimate,
        f1: estimate,
        support: figure,
      }),
    ),
    reliability: z.nullable(
      z.array(
        z.object({ count: figure, meanConfidence: unknownFigure, shareRight: unknownFigure }),
      ),
    ),
    runs: z.array(
      z.object({
        seconds: figure,
        trainableParameters: unknownFigure,
        memoryBytes: unknownFigure,
      }),
    ),
  });
  const comparison = z.object({
    a: text,
    b: text,
    protocol,
    shots,
    texts: z.exactOptional(z.enum(textsNames)),
    difference: estimate,
    p: figure,
    pHolm: figure,
  });
  const report = z.object({
    format: z.literal(1),
    madeAt: text,
    target: z.object({ field: text, classes: z.array(text) }),
    withoutWords: z.array(text),
    parts: z.object({ train: figure, validation: figure, test: figure }),
    models: z.array(z.object({ model: text })),
    settings: z.array(setting),
    comparisons: z.array(comparison),
    verdict: z.array(text),
  });
  const outcomes: z.ZodMiniType<EvaluationOutcomes> = z.object({
    format: z.literal(1),
    madeAt: text,
    labels: z.enum(['one', 'several']),
    ids: z.array(text),
    actual: z.array(figure),
    settings: z.array(
      z.object({
        setting: z.int(),
        runs: z.array(
          z.object({
            seed: z.int(),
            predicted: z.array(figure),
            confidence: z.nullable(z.array(figure)),
          }),
        ),
      }),
    ),
  });
  return { report, outcomes };
}

type Schemas = ReturnType<typeof makeSchemas>;
export type ReportFile = z.infer<Schemas['report']>;

let made: Schemas | undefined;

/** Created on first use, to keep activation of the extension fast. */
function schemas(): Schemas {
  return (made ??= makeSchemas());
}

export interface EvaluationFiles {
  readonly report: ReportFile;
  /** `null` if they are not there, or of an earlier report. */
  readonly outcomes: EvaluationOutcomes | null;
}

/** @throws UserError if the report is gone, damaged or of a newer version */
export async function readEvaluation(folder: string): Promise<EvaluationFiles> {
  const { report: reportName, outcomes: outcomesName } = evaluationFileNames;
  const report = await readReportFile(join(folder, reportName), schemas().report, 'evaluate');
  if (report === null) {
    throw failure('The report of this evaluation is gone: evaluate again.');
  }
  const outcomes = await readReportFile(join(folder, outcomesName), schemas().outcomes, 'evaluate');
  const isOfReport = outcomes?.madeAt === report.madeAt;
  return { report, outcomes: isOfReport ? outcomes : null };
}
