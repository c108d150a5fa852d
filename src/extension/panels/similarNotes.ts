/**
 * The Similar Notes view: the notes most similar to the open note or table row, to a result, or to what is
 * typed. A list stays while its results are opened; former lists are kept in memory, to go back to.
 */
import * as vscode from 'vscode';
import type { Disposable } from '../disposable.js';
import type { SimilarNotesHostMessage, SimilarNotesPanelMessage } from '../../protocol/panels.js';
import { askCondition } from '../ask/conditionSteps.js';
import { commandIds, viewIds } from '../contributions.js';
import type { Corpus } from '../corpora/corpora.js';
import { disposableList } from '../disposable.js';
import { createNoteComparison } from '../lookup/compareNotes.js';
import { conditionText } from '../lookup/conditions.js';
import { exportListing } from '../lookup/exportListing.js';
import { isOfListing, noteOfResult } from '../lookup/listing.js';
import type { Listing } from '../lookup/listing.js';
import { activeNote } from '../notes/notes.js';
import type { Services } from '../services.js';
import type { LookupChoices } from '../lookup/similarTo.js';
import type { TableRow } from '../notes/tableRows.js';
import { beforeIndex, isIndexed } from './notIndexed.js';
import { restrictedSentence } from '../trust.js';
import { runCommand } from './actions.js';
import { pageFor, webviewOptions } from './panel.js';
import { createSearches } from './similarNotesSearches.js';
import { openPort } from './port.js';
import type { Port } from './port.js';
import {
  noCorpus,
  noRow,
  nothingOpen,
  schemas,
  tooLarge,
  withoutText,
} from './similarNotesMessages.js';

export interface SimilarNotes extends Disposable {
  /** Asks again what is listed, unless it was typed; or else about the note that is open now. */
  refresh(): void;
  /** Follows the open note again and drops any typed text. */
  followNote(): void;
  /** Shows notes similar to a text that the user typed. */
  showSimilarTo(corpus: Corpus, text: string): Promise<void>;
  /** Lets the user type what notes of a corpus should be about. */
  startTyping(corpus: Corpus): void;
}

const settleMs = 120;

export function createSimilarNotes(services: Services): SimilarNotes {
  const { corpora, lookup, rows, jobs, extensionUri } = services;
  const all = disposableList();
  const comparison = all.add(createNoteComparison(services));
  const searches = createSearches(services, post);
  let view: vscode.WebviewView | null = null;
  let port: Port<SimilarNotesHostMessage> | null = null;
  let message: SimilarNotesHostMessage = nothingOpen;
  let postedControls = '';
  /** The page was not ready when the user wanted to type. */
  let isFocusDue = false;
  /** The corpus that the message's button refers to, if any. */
  let about: Corpus | null = null;
  /** The corpus of which notes are looked for by text, if one was named. */
  let typingFor: Corpus | null = null;
  let isPinned = false;
  let timer: NodeJS.Timeout | undefined;
  /** The row that was last searched for, if it was a row. */
  let followed: TableRow | null = null;
  /** The note in the active editor when it was last looked at. */
  let lastActive: string | null = null;

  function controls(): Extract<SimilarNotesHostMessage, { type: 'controls' }> {
    const { mode, excludeGroup, leaveOutNegated, conditions } = searches.choices();
    const asked = searches.wanted()?.asked;
    return {
      ...{ type: 'controls', mode, leaveOutNegated, isPinned, model: answeringModel() },
      isOffered: vscode.workspace.isTrusted && corpora.active() !== null,
      text: asked?.kind === 'text' ? asked.text : '',
      excludeGroup: asked === undefined || asked.kind === 'text' ? null : excludeGroup,
      conditions: conditions.map(conditionText),
      canGoBack: searches.canGoBack(isListShown()),
      canGoForward: searches.canGoForward(),
    };
  }

  /** `null` where only one could answer. */
  function answeringModel(): string | null {
    const asked = searches.wanted()?.corpus ?? corpora.active();
    const corpus = asked === null ? null : corpora.byToken(asked.token);
    const ready = corpus?.indexes.filter(({ isReady }) => isReady) ?? [];
    if (ready.length < 2) return null;
    return ready.find(({ store }) => store === corpus?.store)?.title ?? null;
  }

  function postControls(): void {
    const next = controls();
    const text = JSON.stringify(next);
    if (text === postedControls) return;
    postedControls = text;
    port?.post(next);
  }

  function post(next: SimilarNotesHostMessage, corpus: Corpus | null = null): void {
    message = next;
    about = corpus;
    postControls();
    port?.post(next);
  }

  function isListShown(): boolean {
    return message.type === 'results';
  }

  /** What opening another note must not replace. */
  function isHeld(): boolean {
    if (message.type === 'results' ? message.items.length === 0 : message.type !== 'loading') {
      return false;
    }
    return isPinned || isTyped();
  }

  function isTyped(): boolean {
    return searches.wanted()?.asked.kind === 'text';
  }

  function say(next: SimilarNotesHostMessage, corpus: Corpus | null = null): void {
    searches.forget();
    post(next, corpus);
  }

  /** @param isForced also if the note that is open now was listed, or has been followed */
  function follow(isForced: boolean): void {
    if (view?.visible !== true) return;
    if (!vscode.workspace.isTrusted) {
      say({ type: 'empty', reason: restrictedSentence, action: null });
      return;
    }
    if (isHeld()) return;
    const note = activeNote(corpora);
    const row = note === null ? rows.active() : null;
    const table = note === null && row === null ? rows.activeTable() : null;
    const active =
      note === null ? null : (vscode.window.activeTextEditor?.document.uri.toString() ?? null);
    const isSame = row === null ? active !== null && active === lastActive : row === followed;
    followed = row;
    lastActive = active;
    const hasList = message.type === 'results' || message.type === 'loading';
    const listing = searches.listing();
    if (note !== null) {
      const isListed = isListShown() && listing !== null && isOfListing(listing, note);
      if (!isForced && hasList && (isSame || isListed)) return;
      void searches.show(note.corpus, { kind: 'note', note });
    } else if (row !== null) {
      if (!isForced && hasList && isSame) return;
      void searches.show(row.corpus, { kind: 'row', row });
    } else if (table?.isTooLarge === true) {
      say(tooLarge, table.corpus);
    } else if (corpora.active() === null) {
      say(noCorpus);
    } else if (!hasList) {
      // Keeps the last list while the user looks at something else.
      const active = corpora.active();
      if (active !== null && !isIndexed(active)) post(beforeIndex(active, jobs.running()), active);
      else post(table === null ? nothingOpen : noRow);
    }
  }

  /** Debounced: waits until editors stop changing. */
  function settle(isForced = false): void {
    clearTimeout(timer);
    timer = setTimeout(() => follow(isForced), settleMs);
  }

  function followNote(): void {
    isPinned = false;
    typingFor = null;
    if (isTyped()) searches.forget();
    postControls();
    settle(true);
  }

  function choose(changed: Partial<LookupChoices>): void {
    searches.choose(changed);
    if (searches.wanted() === null) postControls();
  }

  async function addCondition(): Promise<void> {
    const corpus = searches.wanted()?.corpus ?? corpora.active();
    if (corpus === null) return;
    const { fields } = await lookup.request('store/fields', { store: corpus.store });
    const condition = await askCondition(fields);
    if (condition === null) return;
    const others = searches.choices().conditions.filter(({ field }) => field !== condition.field);
    choose({ conditions: [...others, condition] });
  }

  /** Of the list that is shown, or still shown while the next is looked for. */
  function receiveOfResult(
    listing: Listing,
    { type, key, ...sent }: Extract<SimilarNotesPanelMessage, { readonly key: string }>,
  ): unknown {
    const result = listing.similar.results.find((one) => one.key === key);
    if (result === undefined) return undefined;
    const { corpus, similar } = listing;
    switch (type) {
      case 'open':
        listing.opened.add(key);
        runCommand(commandIds.openNote, {
          ...{ corpus: corpus.token, key, beside: 'isBeside' in sent && sent.isBeside },
          passage: { start: result.passage.start, end: result.passage.end },
        });
        return undefined;
      case 'compare':
        if (similar.note === null) return undefined;
        listing.opened.add(key);
        return comparison.compare(similar.note, result);
      case 'similarTo':
        return searches.show(corpus, { kind: 'note', note: noteOfResult(listing, result) });
    }
  }

  function receive(sent: SimilarNotesPanelMessage): unknown {
    const listing = searches.listing();
    if ('key' in sent) return listing === null ? undefined : receiveOfResult(listing, sent);
    switch (sent.type) {
      case 'search': {
        const text = sent.text.trim();
        const corpus = typingFor ?? searches.wanted()?.corpus ?? corpora.active();
        if (text === '') {
          if (isTyped()) dismiss();
        } else if (corpus !== null && vscode.workspace.isTrusted) return typed(corpus, text);
        return undefined;
      }
      case 'choose': {
        const { mode, excludeGroup, leaveOutNegated } = searches.choices();
        choose({
          mode: sent.mode ?? mode,
          excludeGroup: sent.excludeGroup ?? excludeGroup,
          leaveOutNegated: sent.leaveOutNegated ?? leaveOutNegated,
        });
        return undefined;
      }
      case 'switchIndex': {
        const corpus = searches.wanted()?.corpus ?? corpora.active();
        runCommand(commandIds.switchIndex, corpus === null ? undefined : { corpus: corpus.token });
        return undefined;
      }
      case 'addCondition':
        return addCondition();
      case 'removeCondition': {
        const { conditions } = searches.choices();
        choose({ conditions: conditions.filter((_, place) => place !== sent.place) });
        return undefined;
      }
      case 'pin':
        isPinned = sent.isPinned;
        postControls();
        return undefined;
      case 'move':
        searches.move(sent.by, isListShown());
        return undefined;
      case 'export':
        return listing === null ? undefined : exportListing(services, listing);
      case 'dismiss':
        dismiss();
        return undefined;
      case 'action':
        runCommand(sent.command, about === null ? undefined : { corpus: about.token });
        return undefined;
    }
  }

  function dismiss(): void {
    // If no note is open, nothing else would replace the results.
    say(nothingOpen);
    followNote();
  }

  function typed(corpus: Corpus, text: string): Promise<void> {
    clearTimeout(timer);
    followed = null;
    return searches.show(corpus, { kind: 'text', text });
  }

  all.add(vscode.window.onDidChangeActiveTextEditor(() => settle()));
  all.add(vscode.workspace.onDidGrantWorkspaceTrust(() => settle()));
  all.add(
    corpora.onDidChange(() => {
      const isKnown = ({ token }: Corpus): boolean => corpora.byToken(token) !== null;
      searches.keep(isKnown);
      if (typingFor !== null && !isKnown(typingFor)) typingFor = null;
      const asked = searches.wanted();
      if (asked !== null && !isKnown(asked.corpus)) say(nothingOpen);
      const answers = asked === null ? null : corpora.byToken(asked.corpus.token);
      if (answers !== null && answers.store !== asked?.corpus.store) searches.again();
      else settle();
      postControls();
    }),
  );
  all.add(
    jobs.onDidChange(() => {
      const active = corpora.active();
      if (message.type === 'empty' && active !== null && !isIndexed(active)) follow(false);
    }),
  );
  all.add(
    rows.onDidMove(() => {
      if (rows.active() !== followed) follow(false);
    }),
  );
  all.add(
    vscode.window.registerWebviewViewProvider(viewIds.similarNotes, {
      resolveWebviewView(resolved) {
        view = resolved;
        resolved.webview.options = webviewOptions(extensionUri);
        const opened = openPort(resolved.webview, services.notices, {
          name: 'similarNotes',
          schemas,
          withoutText,
          current: () => {
            const focus = isFocusDue ? [{ type: 'focusText' } as const] : [];
            isFocusDue = false;
            return [controls(), message, ...focus];
          },
          receive,
        });
        port = opened;
        resolved.webview.html = pageFor(
          resolved.webview,
          extensionUri,
          'similarNotes',
          'Similar Notes',
        );
        const visibility = resolved.onDidChangeVisibility(() => settle());
        resolved.onDidDispose(() => {
          visibility.dispose();
          opened.dispose();
          view = null;
          port = null;
        });
        settle();
      },
    }),
  );
  return {
    refresh() {
      if (searches.wanted() === null || isHeld() || !isListShown()) settle(true);
      else searches.again();
    },
    followNote,
    showSimilarTo: typed,
    startTyping(corpus) {
      typingFor = corpus;
      isFocusDue = port?.post({ type: 'focusText' }) !== true;
    },
    dispose() {
      clearTimeout(timer);
      searches.dispose();
      all.dispose();
    },
  };
}
