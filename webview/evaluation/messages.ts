import * as z from 'zod/mini';
import {
  figureNames,
  protocolNames,
  type FigureName,
} from '../../src/protocol/catalogue/protocols.js';
import type { MessageSchemas } from '../../src/protocol/messages.js';
import type { EvaluationHostMessage } from '../../src/protocol/panels.js';
import { runSchemas } from '../shared/runMessages.js';

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

const text = z.string();
const number = z.number();
const protocol = z.enum(protocolNames);
const shots = z.union([z.int(), z.literal('all')]);
const estimate = z.object({ mean: number, low: number, high: number });
const whole = z.instanceof(Int32Array) as z.ZodMiniType<Int32Array>;
const decimals = z.instanceof(Float32Array) as z.ZodMiniType<Float32Array>;

const setting = z.object({
  model: text,
  isBaseline: z.boolean(),
  protocol: z.nullable(protocol),
  classifier: text,
  isMain: z.boolean(),
  shots,
  withoutWords: z.boolean(),
  figures: z.partialRecord(z.enum(figureNames), estimate),
  runs: number,
  seconds: number,
  trainableParameters: z.nullable(number),
  memoryBytes: z.nullable(number),
  classes: z.array(
    z.object({ name: text, precision: estimate, recall: estimate, f1: estimate, support: number }),
  ),
  reliability: z.nullable(z.array(z.object({ confidence: number, right: number, count: number }))),
  outcomes: z.nullable(z.array(z.object({ predicted: whole, confidence: z.nullable(decimals) }))),
});

const comparison = z.object({
  a: text,
  b: text,
  protocol,
  shots,
  withoutWords: z.boolean(),
  difference: estimate,
  p: number,
  pHolm: number,
});

export const schemas: MessageSchemas<EvaluationHostMessage> = {
  ...runSchemas,
  figures: z.object({
    type: z.literal('figures'),
    corpus: text,
    protocol,
    rows: z.array(z.object({ model: text, shots: z.nullable(shots), figures })),
    verdict: z.array(text),
  }),
  report: z.object({
    type: z.literal('report'),
    corpus: text,
    target: text,
    classes: z.array(text),
    documents: z.object({ train: number, validation: number, test: number }),
    verdict: z.array(text),
    settings: z.array(setting),
    comparisons: z.array(comparison),
    notes: z.nullable(
      z.object({ labels: z.enum(['one', 'several']), names: z.array(text), actual: whole }),
    ),
    words: z.array(text),
    hideText: z.boolean(),
  }),
};
