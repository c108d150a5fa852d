import { render } from 'lit';
import type {
  SimilarNotesHostMessage,
  SimilarNotesPanelMessage,
} from '../../src/protocol/panels.js';
import { openPort } from '../shared/port.js';
import { similarNotesHostMessage } from './messages.js';
import { similarNotesView, type SimilarNotesState } from './view.js';
import './similarNotes.css';

const root = document.getElementById('app') ?? document.body;
let state: SimilarNotesState = {
  message: null,
  results: null,
  active: 0,
};

const port = openPort<SimilarNotesHostMessage, SimilarNotesPanelMessage>(
  similarNotesHostMessage,
  (message) => {
    if (message.type === 'results') {
      state = {
        message,
        results: message,
        active: 0,
      };
    } else {
      // Titles that come empty are hidden: then nothing of the last results may stay either.
      const keeps = message.type === 'loading' && message.title !== '';
      state = { ...state, message, results: keeps ? state.results : null };
    }
    update();
  },
);

function update(): void {
  const view = similarNotesView(state, {
    open: (key) => port.send({ type: 'open', key }),
    dismiss: () => port.send({ type: 'dismiss' }),
    run: (command) => port.send({ type: 'action', command }),
    activate: (active) => {
      state = { ...state, active };
      update();
      root.querySelectorAll<HTMLElement>('[role=option]')[active]?.focus();
    },
  });
  render(view, root);
}

update();
