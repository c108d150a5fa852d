import * as z from 'zod/mini';
import { lookupModeNames } from '../../src/protocol/catalogue/lookup.js';
import { mapPictureNames } from '../../src/protocol/catalogue/map.js';
import type { MessageSchemas } from '../../src/protocol/messages.js';
import type { ClustersHostMessage } from '../../src/protocol/panels.js';

const head = { name: z.string(), label: z.string(), sentence: z.string() };
const columns = z.array(
  z.discriminatedUnion('kind', [
    z.object({
      ...{ kind: z.literal('values'), ...head },
      values: z.array(z.string()),
      codes: z.instanceof(Int32Array),
      others: z.int(),
      plainValues: z.nullable(z.array(z.string())),
    }),
    z.object({
      ...{ kind: z.literal('scale'), ...head },
      type: z.literal(['number', 'date']),
      numbers: z.instanceof(Float64Array),
      first: z.number(),
      last: z.number(),
    }),
  ]),
);

const points = z.object({
  type: z.literal('points'),
  corpus: z.string(),
  x: z.instanceof(Float32Array),
  y: z.instanceof(Float32Array),
  names: z.array(z.string()),
  columns,
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
      ({ x, y, names, columns }) =>
        [
          ...[y, names],
          ...columns.map((one) => (one.kind === 'values' ? one.codes : one.numbers)),
        ].every((column) => column.length === x.length),
      { path: ['columns'] },
    ),
  ),
  highlight: z.object({
    type: z.literal('highlight'),
    point: z.nullable(z.int()),
    neighbours: z.array(z.int()),
  }),
  found: z.object({
    type: z.literal('found'),
    text: z.string(),
    mode: z.literal(lookupModeNames),
    points: z.array(z.int()),
    sentence: z.string(),
  }),
  render: z.object({
    type: z.literal('render'),
    picture: z.literal(mapPictureNames),
    hasNames: z.boolean(),
  }),
  error: z.object({ type: z.literal('error'), message: z.string() }),
};
