/** Messages of the Similar Notes view. */
import * as z from 'zod/mini';
import { lookupModeNames } from '../../protocol/catalogue/lookup.js';
import type { MessageSchemas } from '../../protocol/messages.js';
import type {
  SimilarNoteItem,
  SimilarNotesHostMessage,
  SimilarNotesPanelMessage,
} from '../../protocol/panels.js';
import { commandIds } from '../contributions.js';
import { recordName } from '../notes/notes.js';
import type { Similar } from '../lookup/similarTo.js';
import { actionSchema } from './actions.js';

type Message = SimilarNotesHostMessage;

const key = z.string();
const isSet = z.optional(z.boolean());

/** What the page may ask for. */
export const schemas: MessageSchemas<SimilarNotesPanelMessage> = {
  open: z.object({ type: z.literal('open'), key, isBeside: z.boolean() }),
  similarTo: z.object({ type: z.literal('similarTo'), key }),
  compare: z.object({ type: z.literal('compare'), key }),
  export: z.object({ type: z.literal('export') }),
  search: z.object({ type: z.literal('search'), text: z.string() }),
  choose: z.object({
    type: z.literal('choose'),
    mode: z.optional(z.enum(lookupModeNames)),
    excludeGroup: isSet,
    leaveOutNegated: isSet,
  }),
  switchIndex: z.object({ type: z.literal('switchIndex') }),
  addCondition: z.object({ type: z.literal('addCondition') }),
  removeCondition: z.object({ type: z.literal('removeCondition'), place: z.int() }),
  pin: z.object({ type: z.literal('pin'), isPinned: z.boolean() }),
  move: z.object({ type: z.literal('move'), by: z.union([z.literal(-1), z.literal(1)]) }),
  dismiss: z.object({ type: z.literal('dismiss') }),
  action: actionSchema,
};

export const nothingOpen: Message = {
  type: 'empty',
  reason: 'Open a note of your corpus to see the notes most similar to it.',
  action: { label: 'Open Note…', command: commandIds.openNote },
};

export const noRow: Message = {
  type: 'empty',
  reason: 'Put the cursor in a row of the table to see the notes most similar to it.',
  action: null,
};

export const noNote: Message = {
  type: 'empty',
  reason: 'This row has no text of a note.',
  action: null,
};

export const tooLarge: Message = {
  type: 'empty',
  reason: 'This table is too large for its rows to be followed: open a note of it by its id.',
  action: { label: 'Open Note…', command: commandIds.openNote },
};

export const noCorpus: Message = {
  type: 'empty',
  reason: 'Notespace looks at no text before you name a corpus of notes.',
  action: { label: 'Add Corpus…', command: commandIds.addCorpus },
};

/** @param isTyped results for typed text, which stay until dismissed */
export function resultsOf({ title, results, remark }: Similar, isTyped: boolean): Message {
  const items = results.map((result): SimilarNoteItem => {
    const { key, similarity, percentile, nearness, assertion, category, snippet } = result;
    return {
      ...{ key, similarity, percentile, nearness, assertion, category, snippet },
      title: recordName(result),
      copies: result.copies.count,
      terms: (result.why?.terms ?? []).map(({ term }) => term),
    };
  });
  return { type: 'results', title, items, remark, isTyped, hideText: false };
}

/** Hidden text is never sent to the view. */
export function withoutText(message: Message): Message {
  switch (message.type) {
    case 'loading':
      return { ...message, title: '' };
    case 'controls':
      // What follows a colon is a value of a note.
      return {
        ...message,
        text: '',
        conditions: message.conditions.map((one) => one.replace(/:.*$/s, '')),
      };
    case 'results':
      return {
        ...message,
        title: '',
        items: message.items.map((item) => ({ ...item, title: '', snippet: '', terms: [] })),
        hideText: true,
      };
    case 'empty':
    case 'error':
    case 'focusText':
      return message;
  }
}
