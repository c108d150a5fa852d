import type {
  SimilarNotesHostMessage,
  SimilarNotesPanelMessage,
} from '../../src/protocol/panels.js';
import { openPage } from '../shared/page.js';
import { schemas } from './messages.js';
import { type SimilarNotesActions, similarNotesView, type SimilarNotesState } from './view.js';
import './similarNotes.css';

/** Debounced: waits until typing stops. */
const settleMs = 250;
let timer = 0;
let isFocusDue = false;
let isNewList = false;

const page = openPage<SimilarNotesState, SimilarNotesHostMessage, SimilarNotesPanelMessage>({
  schemas,
  start: { message: null, results: null, controls: null, text: '', active: 0 },
  receive(message, state) {
    switch (message.type) {
      case 'controls': {
        const { type: _, ...controls } = message;
        // What is being typed is not to be overtaken by what was asked before.
        return { controls, text: isTyping() ? state.text : controls.text };
      }
      case 'focusText':
        isFocusDue = true;
        return {};
      case 'results':
        isNewList = true;
        return { message, results: message, active: 0 };
      default: {
        // An empty title means that text is hidden: then the last results must disappear too.
        const keeps = message.type === 'loading' && message.title !== '';
        return { message, results: keeps ? state.results : null };
      }
    }
  },
  view: (state) => similarNotesView(state, actions),
  drawn() {
    if (isNewList) window.scrollTo(0, 0);
    isNewList = false;
    const input = box();
    if (!isFocusDue || input === null) return;
    isFocusDue = false;
    input.focus();
    input.select();
  },
});

function box(): HTMLInputElement | null {
  return page.root.querySelector('input');
}

function isTyping(): boolean {
  return document.hasFocus() && document.activeElement instanceof HTMLInputElement;
}

function focusRow(row: number): void {
  page.root.querySelectorAll<HTMLElement>('[role=option]')[row]?.focus();
}

function search(text: string): void {
  clearTimeout(timer);
  page.changeUnseen({ text });
  page.send({ type: 'search', text });
}

const actions: SimilarNotesActions = {
  open: (key, isBeside) => page.send({ type: 'open', key, isBeside }),
  compare: (key) => page.send({ type: 'compare', key }),
  similarTo: (key) => page.send({ type: 'similarTo', key }),
  typed(text) {
    clearTimeout(timer);
    page.changeUnseen({ text });
    timer = window.setTimeout(() => search(text), settleMs);
  },
  search,
  toList: () => focusRow(page.state().active),
  choose: (choice) => page.send({ type: 'choose', ...choice }),
  switchIndex: () => page.send({ type: 'switchIndex' }),
  addCondition: () => page.send({ type: 'addCondition' }),
  removeCondition: (place) => page.send({ type: 'removeCondition', place }),
  exportList: () => page.send({ type: 'export' }),
  pin: (isPinned) => page.send({ type: 'pin', isPinned }),
  move: (by) => page.send({ type: 'move', by }),
  dismiss: () => page.send({ type: 'dismiss' }),
  run: (command) => page.send({ type: 'action', command }),
  activate(active) {
    page.change({ active });
    page.draw();
    focusRow(active);
  },
};
