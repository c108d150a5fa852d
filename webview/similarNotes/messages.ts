import * as z from 'zod/mini';
import type { SimilarNotesHostMessage } from '../../src/protocol/panels.js';

export const action = z.object({ label: z.string(), command: z.string() });

export const similarNotesHostMessage: z.ZodMiniType<SimilarNotesHostMessage> = z.discriminatedUnion(
  'type',
  [
    z.object({ type: z.literal('empty'), reason: z.string(), action: z.nullable(action) }),
    z.object({ type: z.literal('loading'), title: z.string() }),
    z.object({
      type: z.literal('results'),
      title: z.string(),
      items: z.array(
        z.object({
          key: z.string(),
          title: z.string(),
          similarity: z.number(),
          category: z.nullable(z.string()),
          snippet: z.string(),
        }),
      ),
      isTyped: z.boolean(),
      hideText: z.boolean(),
    }),
    z.object({ type: z.literal('error'), message: z.string() }),
  ],
);
