/**
 * What the Similar Notes view looks for, and how: one search at a time, and the lists that came of them, to
 * go back to. They are kept in memory only.
 */
import * as vscode from 'vscode';
import { Cancelled, UserError } from '../../core/base/errors.js';
import { lookupDefaults } from '../../protocol/catalogue/lookup.js';
import type { SimilarNotesHostMessage } from '../../protocol/panels.js';
import type { Corpus } from '../corpora/corpora.js';
import { createHistory } from '../lookup/history.js';
import { isAskedAgain } from '../lookup/listing.js';
import type { Listing } from '../lookup/listing.js';
import { similarTo, titleOf } from '../lookup/similarTo.js';
import type { Ask, LookupChoices } from '../lookup/similarTo.js';
import { sentenceOf } from '../notices.js';
import type { Services } from '../services.js';
import { notIndexed } from './notIndexed.js';
import { noNote, resultsOf } from './similarNotesMessages.js';

export interface Wanted {
  readonly corpus: Corpus;
  readonly asked: Ask;
}

export interface Searches {
  /** What was asked last, whatever came of it. */
  wanted(): Wanted | null;
  choices(): LookupChoices;
  /** The list that is shown, or was last. */
  listing(): Listing | null;
  /** Runs one search; a newer search supersedes it. */
  show(corpus: Corpus, asked: Ask): Promise<void>;
  /** Asks again, if anything was asked. */
  again(): void;
  /** Looks in another way from now on, and again for what is wanted. */
  choose(changed: Partial<LookupChoices>): void;
  /** Back to a former list, or forward. What failed is not kept: from there, the last list is one back. */
  move(by: -1 | 1, isListShown: boolean): void;
  canGoBack(isListShown: boolean): boolean;
  canGoForward(): boolean;
  /** Stops the search; nothing is wanted any more. */
  forget(): void;
  /** Keeps only lists of these corpora. */
  keep(isKnown: (corpus: Corpus) => boolean): void;
  dispose(): void;
}

const mostKept = 30;

/** @param post shows a message; its button, if any, refers to the corpus */
export function createSearches(
  services: Services,
  post: (message: SimilarNotesHostMessage, corpus?: Corpus) => void,
): Searches {
  const history = createHistory<Listing>(mostKept);
  let wanted: Wanted | null = null;
  let choices: LookupChoices = { ...lookupDefaults, conditions: [] };
  let search: vscode.CancellationTokenSource | null = null;

  async function show(given: Corpus, asked: Ask, isAgain = false): Promise<void> {
    // Another index may answer meanwhile.
    const corpus = services.corpora.byToken(given.token) ?? given;
    if (wanted?.corpus.token !== corpus.token) choices = { ...choices, conditions: [] };
    wanted = { corpus, asked };
    search?.cancel();
    const source = (search = new vscode.CancellationTokenSource());
    const by = choices;
    post({ type: 'loading', title: titleOf(asked) });
    try {
      const similar = await similarTo(services, corpus, asked, by, source.token);
      if (search !== source) return;
      if (similar === null) {
        post(noNote);
        return;
      }
      const listing = { corpus, asked, choices: by, similar, opened: new Set<string>() };
      history.put(listing, isAgain || isAskedAgain(history.current(), listing));
      post(resultsOf(similar, asked.kind === 'text'));
    } catch (error) {
      if (search !== source || error instanceof Cancelled) return;
      if (!(error instanceof UserError)) void services.notices.error(error);
      const isIndexed = await hasIndex(corpus);
      if (search !== source) return;
      if (isIndexed) post({ type: 'error', message: sentenceOf(error) });
      else post(notIndexed(corpus), corpus);
    }
  }

  async function hasIndex({ store }: Corpus): Promise<boolean> {
    // If this lookup fails too, report the first error.
    return services.lookup.request('store/status', { store }).then(
      ({ exists }) => exists,
      () => true,
    );
  }

  function stop(): void {
    search?.cancel();
    search = null;
  }

  function again(): void {
    if (wanted !== null) void show(wanted.corpus, wanted.asked, true);
  }

  return {
    wanted: () => wanted,
    choices: () => choices,
    listing: () => history.current(),
    show: (corpus, asked) => show(corpus, asked),
    again,
    choose(changed) {
      choices = { ...choices, ...changed };
      again();
    },
    move(by, isListShown) {
      if (by === 1 || isListShown) history.move(by);
      const listing = history.current();
      if (listing === null) return;
      stop();
      const { corpus, asked, similar } = listing;
      wanted = { corpus, asked };
      choices = listing.choices;
      post(resultsOf(similar, asked.kind === 'text'));
    },
    canGoBack: (isListShown) => (isListShown ? history.canGoBack() : history.current() !== null),
    canGoForward: () => history.canGoForward(),
    forget() {
      stop();
      wanted = null;
    },
    keep: (isKnown) => history.keep(({ corpus }) => isKnown(corpus)),
    dispose: () => search?.cancel(),
  };
}
