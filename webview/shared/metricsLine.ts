import * as z from 'zod/mini';
import { objectiveNames, type ObjectiveName } from '../../src/protocol/catalogue/objectives.js';
import { runStatuses, type MetricsLine, type RunStatus } from '../../src/protocol/run.js';

export const figure = z.nullable(z.number());

export const metricsLine: z.ZodMiniType<MetricsLine> = z.object({
  format: z.literal(1),
  step: z.number(),
  time: z.number(),
  loss: figure,
  losses: z.record(z.string(), z.number()),
  learningRate: figure,
  gradNorm: figure,
  tokensPerSecond: figure,
  heldOutLoss: figure,
  heldOutLosses: z.exactOptional(z.record(z.string(), z.number())),
  memoryBytes: figure,
});

export const runStatus: z.ZodMiniType<RunStatus> = z.enum(runStatuses);

export const objectiveName: z.ZodMiniType<ObjectiveName> = z.enum(objectiveNames);
