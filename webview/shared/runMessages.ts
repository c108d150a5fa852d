import * as z from 'zod/mini';
import type { MessageSchemas } from '../../src/protocol/messages.js';
import type { RunHostMessage } from '../../src/protocol/panels.js';
import { runStatus } from './metricsLine.js';

const text = z.string();
const number = z.number();

export const runSchemas: MessageSchemas<RunHostMessage> = {
  empty: z.object({ type: z.literal('empty'), reason: text }),
  run: z.object({
    type: z.literal('run'),
    name: text,
    corpus: text,
    status: runStatus,
    progress: z.nullable(
      z.object({ phase: text, done: number, total: z.nullable(number), unit: text }),
    ),
    millisecondsLeft: z.nullable(number),
    notes: z.array(text),
    error: z.nullable(text),
    canResume: z.boolean(),
  }),
};
