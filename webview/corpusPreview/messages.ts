import * as z from 'zod/mini';
import { fieldRoleNames, type FieldRole } from '../../src/protocol/catalogue/fieldRoles.js';
import { readerNames } from '../../src/protocol/catalogue/readers.js';
import {
  dateOrders,
  escapeNames,
  fieldTypes,
  quoteNames,
  type Dialect,
} from '../../src/protocol/catalogue/reading.js';
import type { CorpusPreview } from '../../src/protocol/lookup.js';
import type { MessageSchemas, Schema } from '../../src/protocol/messages.js';
import type { CorpusPreviewHostMessage, GivenReading } from '../../src/protocol/panels.js';

const text = z.string();
const perhaps = z.nullable(text);
const whole = z.int();
const counts = z.array(z.object({ field: text, value: text, count: whole }));

function roles<Field extends z.ZodMiniType>(field: Field): Record<FieldRole, Field> {
  return Object.fromEntries(fieldRoleNames.map((role) => [role, field])) as Record<
    FieldRole,
    Field
  >;
}

const given: z.ZodMiniType<GivenReading> = z.object({
  mapping: z.object(roles(z.exactOptional(perhaps))),
  reading: z.object({
    delimiter: z.optional(text),
    quote: z.optional(z.enum(quoteNames)),
    escape: z.optional(z.enum(escapeNames)),
    encoding: z.optional(text),
    header: z.optional(z.boolean()),
    skipRows: z.optional(whole),
    format: z.optional(z.enum(readerNames)),
    missingValues: z.optional(z.array(text)),
    moreText: z.optional(z.array(text)),
    joinLines: z.optional(text),
    keep: z.optional(z.array(text)),
    dateOrder: z.optional(z.enum(dateOrders)),
  }),
});

const dialect: z.ZodMiniType<Dialect> = z.object({
  delimiter: text,
  quote: z.nullable(z.enum(['"', "'"])),
  escape: z.enum(escapeNames),
  lineEnds: z.enum(['any', 'lf', 'crlf']),
  skipRows: whole,
  header: z.boolean(),
  rowNames: z.boolean(),
  columns: whole,
  recordStart: z.nullable(z.enum(['number', 'code'])),
});

const preview: z.ZodMiniType<CorpusPreview> = z.object({
  kind: z.enum(readerNames),
  notes: z.array(
    z.object({
      ...{ id: text, text, category: perhaps, label: perhaps, group: perhaps },
      ...{ date: perhaps, split: perhaps, row: whole },
    }),
  ),
  scanned: whole,
  isWhole: z.boolean(),
  mapping: z.object(roles(perhaps)),
  moreText: z.array(text),
  columns: z.array(
    z.object({ name: text, type: z.enum(fieldTypes), caution: perhaps, example: perhaps }),
  ),
  lines: z.nullable(z.object({ id: text, number: text })),
  encoding: perhaps,
  dialect: z.nullable(dialect),
  dateOrder: z.nullable(z.enum(dateOrders)),
  missing: counts,
  classes: counts,
  skipped: whole,
  remarks: z.array(text),
});

export const schemas: MessageSchemas<CorpusPreviewHostMessage> = {
  empty: z.object({ type: z.literal('empty'), reason: text }),
  reading: z.object({ type: z.literal('reading'), source: text, given }),
  preview: z.object({
    type: z.literal('preview'),
    ...{ source: text, name: text, given, preview, hideText: z.boolean() },
  }) satisfies Schema<Extract<CorpusPreviewHostMessage, { type: 'preview' }>>,
  refused: z.object({ type: z.literal('refused'), given, reason: text }),
};
