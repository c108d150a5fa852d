import * as z from 'zod/mini';
import type { EvaluationHostMessage } from '../../src/protocol/panels.js';

export const evaluationHostMessage: z.ZodMiniType<EvaluationHostMessage> = z.object({
  type: z.literal('mlm'),
  corpus: z.string(),
  rows: z.array(
    z.object({
      model: z.string(),
      loss: z.number(),
      perplexity: z.number(),
      accuracy: z.number(),
    }),
  ),
  verdict: z.array(z.string()),
});
