/** Messages of the Similar Notes view. */
import type { SimilarNoteItem, SimilarNotesHostMessage } from '../../protocol/panels.js';
import { commandIds } from '../contributions.js';
import { recordName } from '../notes/notes.js';
import type { Similar } from '../lookup/similarTo.js';

type Message = SimilarNotesHostMessage;

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
      terms: (result.why?.terms ?? []).slice(0, shownTerms).map(({ term }) => term),
    };
  });
  return { type: 'results', title, items, remark, isTyped, hideText: false };
}

/** The weightiest fit on a line or two. */
const shownTerms = 5;

/** Hidden text is never sent to the view. */
export function withoutText(message: Message): Message {
  switch (message.type) {
    case 'loading':
      return { ...message, title: '' };
    case 'results':
      return {
        ...message,
        title: '',
        items: message.items.map((item) => ({ ...item, title: '', snippet: '', terms: [] })),
        hideText: true,
      };
    case 'empty':
    case 'error':
      return message;
  }
}
