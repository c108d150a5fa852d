import * as z from 'zod/mini';
import type { MessageSchemas } from '../../src/protocol/messages.js';
import type { ComparisonHostMessage } from '../../src/protocol/panels.js';
import { metricsLine, objectiveName, runStatus } from '../shared/metricsLine.js';

export const schemas: MessageSchemas<ComparisonHostMessage> = {
  runs: z.object({
    type: z.literal('runs'),
    runs: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        corpus: z.string(),
        objective: objectiveName,
        base: z.string(),
        status: runStatus,
        settings: z.record(z.string(), z.string()),
      }),
    ),
  }),
  metrics: z.object({
    type: z.literal('metrics'),
    run: z.string(),
    reset: z.boolean(),
    lines: z.array(metricsLine),
  }),
};
