import * as z from 'zod/mini';
import type { TrainingHostMessage } from '../../src/protocol/panels.js';
import type { MetricsLine } from '../../src/protocol/run.js';

const figure = z.nullable(z.number());

const metricsLine: z.ZodMiniType<MetricsLine> = z.object({
  format: z.literal(1),
  step: z.number(),
  time: z.number(),
  loss: figure,
  losses: z.record(z.string(), z.number()),
  learningRate: figure,
  gradNorm: figure,
  tokensPerSecond: figure,
  heldOutLoss: figure,
  memoryBytes: figure,
});

export const trainingHostMessage: z.ZodMiniType<TrainingHostMessage> = z.discriminatedUnion(
  'type',
  [
    z.object({
      type: z.literal('run'),
      name: z.string(),
      status: z.enum([
        'starting',
        'running',
        'paused',
        'cancelling',
        'cancelled',
        'done',
        'failed',
      ]),
      progress: z.nullable(
        z.object({ phase: z.string(), done: z.number(), total: figure, unit: z.string() }),
      ),
      notes: z.array(z.string()),
      error: z.nullable(z.string()),
      heldOutLoss: z.nullable(z.object({ before: z.number(), after: figure })),
    }),
    z.object({ type: z.literal('metrics'), reset: z.boolean(), lines: z.array(metricsLine) }),
  ],
);
