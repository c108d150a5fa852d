import * as z from 'zod/mini';
import {
  figureNames,
  protocolNames,
  type FigureName,
} from '../../src/protocol/catalogue/protocols.js';
import type { MessageSchemas } from '../../src/protocol/messages.js';
import type { EvaluationHostMessage } from '../../src/protocol/panels.js';

/** A perplexity may be infinite: it arrives as infinity, or as `null` if it passed through JSON. */
const figure = z.pipe(
  z.custom<number | null>((value: unknown) => value === null || typeof value === 'number'),
  z.transform((value) => value ?? Number.NaN),
);
const figures = z.strictObject(
  Object.fromEntries(figureNames.map((name) => [name, z.exactOptional(figure)] as const)) as Record<
    FigureName,
    ReturnType<typeof z.exactOptional<typeof figure>>
  >,
);

export const schemas: MessageSchemas<EvaluationHostMessage> = {
  empty: z.object({ type: z.literal('empty'), reason: z.string() }),
  figures: z.object({
    type: z.literal('figures'),
    corpus: z.string(),
    protocol: z.enum(protocolNames),
    rows: z.array(
      z.object({
        model: z.string(),
        shots: z.nullable(z.union([z.int(), z.literal('all')])),
        figures,
      }),
    ),
    verdict: z.array(z.string()),
  }),
};
