import type { EvaluationHostMessage, RunPanelMessage } from '../../src/protocol/panels.js';
import { openPage } from '../shared/page.js';
import type { EvaluationActions } from './actions.js';
import { schemas } from './messages.js';
import { emptyState, receive, type EvaluationState } from './state.js';
import { evaluationView } from './view.js';
import './evaluation.css';

const page = openPage<EvaluationState, EvaluationHostMessage, RunPanelMessage>({
  schemas,
  start: emptyState,
  receive(message, state) {
    if (message.type === 'run' && message.name !== state.run?.name) {
      page.remember({ run: message.name });
    }
    return receive(state, message);
  },
  resized: (width) => ({ width }),
  view: (state, theme) => evaluationView(state, theme, actions),
});

const actions: EvaluationActions = {
  control(command) {
    page.change({ asked: command });
    page.send({ type: 'control', command });
  },
  open: (note) => page.send({ type: 'open', note }),
  change: (part) => page.change(part),
  focus(part, selector) {
    page.change(part);
    page.draw();
    page.root.querySelector<HTMLElement>(selector)?.focus();
  },
};
