import * as z from 'zod/mini';
import type { ClustersHostMessage } from '../../src/protocol/panels.js';

const shape = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('empty'),
    reason: z.string(),
    action: z.nullable(z.object({ label: z.string(), command: z.string() })),
  }),
  z.object({
    type: z.literal('points'),
    corpus: z.string(),
    x: z.instanceof(Float32Array),
    y: z.instanceof(Float32Array),
    names: z.array(z.string()),
    category: z.instanceof(Int32Array),
    categories: z.array(z.string()),
    warnings: z.array(z.string()),
    hideText: z.boolean(),
  }),
  z.object({ type: z.literal('highlight'), point: z.nullable(z.int()) }),
  z.object({ type: z.literal('error'), message: z.string() }),
]);

/** Columns of one length, or the map would name the wrong note. */
export const clustersHostMessage: z.ZodMiniType<ClustersHostMessage> = shape.check(
  z.refine(
    (message) =>
      message.type !== 'points' ||
      [message.y, message.names, message.category].every(
        (column) => column.length === message.x.length,
      ),
    { path: ['columns'] },
  ),
);
