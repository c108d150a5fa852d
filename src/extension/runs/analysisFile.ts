/** What an analysis left in its run folder, for the panel. */
import { join } from 'node:path';
import * as z from 'zod/mini';
import { failure } from '../../core/base/errors.js';
import { analysisReportName } from '../../protocol/analysis.js';
import { analysisFigureNames, groupingNames } from '../../protocol/catalogue/analysis.js';
import { readReportFile } from './reportFile.js';

/** Only what the panel shows; whatever else the report has may change. */
function makeSchema() {
  const text = z.string();
  const number = z.number();
  const maybe = z.nullable(number);
  const figure = z.object({ value: maybe, low: maybe, high: maybe });
  const difference = z.object({ mean: number, low: number, high: number });
  const group = z.object({
    size: number,
    category: z.nullable(z.object({ name: text, share: number })),
    keywords: z.array(text),
    typical: z.array(text),
    odd: z.array(text),
  });
  const space = z.object({
    model: text,
    figures: z.partialRecord(z.enum(analysisFigureNames), figure),
    pairs: z.array(
      z.object({
        first: text,
        second: text,
        cosine: z.nullable(figure),
        separation: z.nullable(figure),
      }),
    ),
    histogram: z.object({ within: z.array(number), between: z.array(number) }),
    graph: z.object({ sentence: text }),
    groups: z.record(z.enum(groupingNames), z.array(group)),
    possibleMislabels: z.array(
      z.object({ id: text, category: text, neighboursAre: text, share: number }),
    ),
  });
  return z.object({
    format: z.literal(1),
    documents: number,
    settings: z.object({ resamples: number, resampled: z.enum(['groups', 'documents']) }),
    findings: z.array(text),
    remarks: z.array(text),
    categories: z.array(z.object({ name: text, documents: number, keywords: z.array(text) })),
    models: z.array(space),
    comparisons: z.array(
      z.object({
        a: text,
        b: text,
        figure: z.enum(analysisFigureNames),
        difference,
        p: number,
        pHolm: number,
      }),
    ),
    moved: z.array(
      z.object({
        a: text,
        b: text,
        overlap: figure,
        separations: z.array(
          z.object({
            first: text,
            second: text,
            before: number,
            after: number,
            difference,
            pHolm: number,
          }),
        ),
        notes: z.array(
          z.object({ id: text, overlap: number, from: z.nullable(text), to: z.nullable(text) }),
        ),
      }),
    ),
    repeated: z.object({
      share: number,
      passages: z.array(
        z.object({
          documents: number,
          groups: maybe,
          words: number,
          first: z.object({ id: text }),
          text: z.nullable(text),
        }),
      ),
    }),
  });
}

export type AnalysisFile = z.infer<ReturnType<typeof makeSchema>>;

let made: ReturnType<typeof makeSchema> | undefined;

/** @throws UserError if the report is gone, damaged or of a newer version */
export async function readAnalysis(folder: string): Promise<AnalysisFile> {
  // Created on first use, to keep activation of the extension fast.
  const schema = (made ??= makeSchema());
  const report = await readReportFile(join(folder, analysisReportName), schema, 'analyse');
  if (report === null) throw failure('The report of this analysis is gone: analyse again.');
  return report;
}
