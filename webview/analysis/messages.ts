import * as z from 'zod/mini';
import type { AnalysisHostMessage } from '../../src/protocol/analysisPanel.js';
import { analysisFigureNames } from '../../src/protocol/catalogue/analysis.js';
import type { MessageSchemas } from '../../src/protocol/messages.js';
import { runSchemas } from '../shared/runMessages.js';

const text = z.string();
const number = z.number();
const maybe = z.nullable(number);
const note = z.int();
const figure = z.object({ value: maybe, low: maybe, high: maybe });
const difference = z.object({ mean: number, low: number, high: number });
const group = z.object({
  size: number,
  category: z.nullable(z.object({ name: text, share: number })),
  keywords: z.array(text),
  typical: z.array(note),
  odd: z.array(note),
});
const groups = z.array(group);

const space = z.object({
  name: text,
  figures: z.partialRecord(z.enum(analysisFigureNames), figure),
  graph: text,
  pairs: z.array(
    z.object({
      first: text,
      second: text,
      cosine: z.nullable(figure),
      separation: z.nullable(figure),
    }),
  ),
  histogram: z.object({ within: z.array(number), between: z.array(number) }),
  groups: z.object({ kMeans: groups, density: groups, communities: groups }),
  mislabels: z.array(z.object({ note, category: text, neighboursAre: text, share: number })),
});

const change = z.object({
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
  moved: z.array(z.object({ note, overlap: number, from: z.nullable(text), to: z.nullable(text) })),
});

export const schemas: MessageSchemas<AnalysisHostMessage> = {
  ...runSchemas,
  report: z.object({
    type: z.literal('report'),
    corpus: text,
    documents: number,
    resampled: z.enum(['groups', 'documents']),
    resamples: number,
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
    changes: z.array(change),
    repeated: z.object({
      share: number,
      passages: z.array(
        z.object({
          documents: number,
          groups: maybe,
          words: number,
          first: note,
          text: z.nullable(text),
        }),
      ),
    }),
    notes: z.array(text),
    hideText: z.boolean(),
  }),
};
