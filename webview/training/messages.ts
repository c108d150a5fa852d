import * as z from 'zod/mini';
import type { MessageSchemas } from '../../src/protocol/messages.js';
import type { TrainingHostMessage } from '../../src/protocol/panels.js';
import type { PretrainPlan } from '../../src/protocol/pretraining.js';
import { figure, metricsLine, objectiveName, runStatus } from '../shared/metricsLine.js';

const plan: z.ZodMiniType<PretrainPlan> = z.object({
  device: z.string(),
  threads: z.number(),
  steps: z.number(),
  stages: z.exactOptional(z.array(z.object({ label: z.string(), steps: z.number() }))),
  tokensPerStep: z.number(),
  trainedParameters: z.number(),
  parameters: z.number(),
  memoryBytes: z.number(),
  freeMemoryBytes: figure,
  diskBytes: z.number(),
  freeDiskBytes: figure,
  expectedSeconds: figure,
  categories: z.nullable(z.array(z.object({ name: z.string(), documents: z.number() }))),
  advice: z.array(z.string()),
});

export const schemas: MessageSchemas<TrainingHostMessage> = {
  run: z.object({
    type: z.literal('run'),
    name: z.string(),
    title: z.string(),
    objective: z.nullable(objectiveName),
    status: runStatus,
    progress: z.nullable(
      z.object({ phase: z.string(), done: z.number(), total: figure, unit: z.string() }),
    ),
    plan: z.nullable(plan),
    notes: z.array(z.string()),
    error: z.nullable(z.string()),
    heldOutLoss: z.nullable(z.object({ before: z.number(), after: figure })),
  }),
  metrics: z.object({
    type: z.literal('metrics'),
    reset: z.boolean(),
    lines: z.array(metricsLine),
  }),
};
