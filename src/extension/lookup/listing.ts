/** A list of similar notes, with what was asked and how. */
import type { Corpus } from '../corpora/corpora.js';
import { isSameNote, recordName } from '../notes/notes.js';
import type { OpenNote } from '../notes/notes.js';
import type { SimilarResult } from '../../protocol/lookup.js';
import type { Ask, LookupChoices, Similar } from './similarTo.js';

export interface Listing {
  readonly corpus: Corpus;
  readonly asked: Ask;
  readonly choices: LookupChoices;
  readonly similar: Similar;
  /** Keys of the results that the user has opened from it. */
  readonly opened: Set<string>;
}

/** Whether a note is the one that a list is about, or was opened from it: working through it keeps it. */
export function isOfListing({ corpus, similar, opened }: Listing, note: OpenNote): boolean {
  if (note.corpus.token !== corpus.token) return false;
  if (similar.note !== null && isSame(similar.note, note)) return true;
  return similar.results.some((result) => opened.has(result.key) && isSameNote(result, note));
}

/**
 * Whether a list takes the place of the one before: it is about the same note, or about a text that was
 * typed on while no result had been opened.
 */
export function isAskedAgain(before: Listing | null, next: Listing): boolean {
  if (before === null || before.corpus.token !== next.corpus.token) return false;
  if (before.asked.kind === 'text') return next.asked.kind === 'text' && before.opened.size === 0;
  const { note } = next.similar;
  return note !== null && before.similar.note !== null && isSame(before.similar.note, note);
}

export function noteOfResult({ corpus }: Listing, result: SimilarResult): OpenNote {
  const { id, key, file } = result;
  return { corpus, id, key, file, title: recordName(result) };
}

function isSame(a: OpenNote, b: OpenNote): boolean {
  if (a.file !== null && b.file !== null) return a.file === b.file;
  if (a.key !== null && b.key !== null) return a.key === b.key;
  return a.id !== null && a.id === b.id;
}
