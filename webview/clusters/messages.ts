import * as z from 'zod/mini';
import type { MessageSchemas } from '../../src/protocol/messages.js';
import type { ClustersHostMessage } from '../../src/protocol/panels.js';

const points = z.object({
  type: z.literal('points'),
  corpus: z.string(),
  x: z.instanceof(Float32Array),
  y: z.instanceof(Float32Array),
  names: z.array(z.string()),
  category: z.instanceof(Int32Array),
  categories: z.array(z.string()),
  warnings: z.array(z.string()),
  hideText: z.boolean(),
});

export const schemas: MessageSchemas<ClustersHostMessage> = {
  empty: z.object({
    type: z.literal('empty'),
    reason: z.string(),
    action: z.nullable(z.object({ label: z.string(), command: z.string() })),
  }),
  /** All columns must have the same length, or points would get the wrong names. */
  points: points.check(
    z.refine(
      ({ x, y, names, category }) =>
        [y, names, category].every((column) => column.length === x.length),
      { path: ['columns'] },
    ),
  ),
  highlight: z.object({ type: z.literal('highlight'), point: z.nullable(z.int()) }),
  error: z.object({ type: z.literal('error'), message: z.string() }),
};
