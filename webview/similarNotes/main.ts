import type {
  SimilarNotesHostMessage,
  SimilarNotesPanelMessage,
} from '../../src/protocol/panels.js';
import { openPage } from '../shared/page.js';
import { schemas } from './messages.js';
import { type SimilarNotesActions, similarNotesView, type SimilarNotesState } from './view.js';
import './similarNotes.css';

const page = openPage<SimilarNotesState, SimilarNotesHostMessage, SimilarNotesPanelMessage>({
  schemas,
  start: { message: null, results: null, active: 0 },
  receive(message, state) {
    if (message.type === 'results') return { message, results: message, active: 0 };
    // An empty title means that text is hidden: then the last results must disappear too.
    const keeps = message.type === 'loading' && message.title !== '';
    return { message, results: keeps ? state.results : null };
  },
  view: (state) => similarNotesView(state, actions),
});

const actions: SimilarNotesActions = {
  open: (key) => page.send({ type: 'open', key }),
  dismiss: () => page.send({ type: 'dismiss' }),
  run: (command) => page.send({ type: 'action', command }),
  activate(active) {
    page.change({ active });
    page.draw();
    page.root.querySelectorAll<HTMLElement>('[role=option]')[active]?.focus();
  },
};
