import * as z from 'zod/mini';
import type { MessageSchemas } from '../../src/protocol/messages.js';
import type { EvaluationHostMessage } from '../../src/protocol/panels.js';

/** A perplexity may exceed all measure: it then arrives as infinity, or as `null` where JSON was between. */
const figure = z.pipe(
  z.custom<number | null>((value: unknown) => value === null || typeof value === 'number'),
  z.transform((value) => value ?? Number.NaN),
);

export const schemas: MessageSchemas<EvaluationHostMessage> = {
  empty: z.object({ type: z.literal('empty'), reason: z.string() }),
  mlm: z.object({
    type: z.literal('mlm'),
    corpus: z.string(),
    rows: z.array(
      z.object({
        model: z.string(),
        loss: figure,
        perplexity: figure,
        accuracy: figure,
      }),
    ),
    verdict: z.array(z.string()),
  }),
};
