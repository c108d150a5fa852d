import * as z from 'zod/mini';
import { lookupModeNames } from '../../src/protocol/catalogue/lookup.js';
import type { MessageSchemas } from '../../src/protocol/messages.js';
import type { SimilarNotesHostMessage } from '../../src/protocol/panels.js';

export const schemas: MessageSchemas<SimilarNotesHostMessage> = {
  controls: z.object({
    type: z.literal('controls'),
    isOffered: z.boolean(),
    text: z.string(),
    mode: z.enum(lookupModeNames),
    model: z.nullable(z.string()),
    excludeGroup: z.nullable(z.boolean()),
    leaveOutNegated: z.boolean(),
    conditions: z.array(z.string()),
    isPinned: z.boolean(),
    canGoBack: z.boolean(),
    canGoForward: z.boolean(),
  }),
  focusText: z.object({ type: z.literal('focusText') }),
  empty: z.object({
    type: z.literal('empty'),
    reason: z.string(),
    action: z.nullable(z.object({ label: z.string(), command: z.string() })),
  }),
  loading: z.object({ type: z.literal('loading'), title: z.string() }),
  results: z.object({
    type: z.literal('results'),
    title: z.string(),
    items: z.array(
      z.object({
        key: z.string(),
        title: z.string(),
        similarity: z.number(),
        percentile: z.number(),
        nearness: z.nullable(z.number()),
        assertion: z.nullable(z.enum(['negated', 'family'])),
        copies: z.number(),
        terms: z.array(z.string()),
        category: z.nullable(z.string()),
        snippet: z.string(),
      }),
    ),
    remark: z.nullable(z.string()),
    isTyped: z.boolean(),
    hideText: z.boolean(),
  }),
  error: z.object({ type: z.literal('error'), message: z.string() }),
};
