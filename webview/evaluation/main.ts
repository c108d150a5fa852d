import type { EvaluationHostMessage, EvaluationPanelMessage } from '../../src/protocol/panels.js';
import { openPage } from '../shared/page.js';
import { schemas } from './messages.js';
import { evaluationView } from './view.js';
import './evaluation.css';

interface EvaluationState {
  readonly message: EvaluationHostMessage | null;
}

openPage<EvaluationState, EvaluationHostMessage, EvaluationPanelMessage>({
  schemas,
  start: { message: null },
  receive: (message) => ({ message }),
  view: ({ message }, theme) => evaluationView(message, theme),
});
