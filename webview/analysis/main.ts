import type { AnalysisHostMessage } from '../../src/protocol/analysisPanel.js';
import type { RunPanelMessage } from '../../src/protocol/panels.js';
import { openPage } from '../shared/page.js';
import type { AnalysisActions } from './actions.js';
import { schemas } from './messages.js';
import { emptyState, receive, type AnalysisState } from './state.js';
import { analysisView } from './view.js';
import './analysis.css';

const page = openPage<AnalysisState, AnalysisHostMessage, RunPanelMessage>({
  schemas,
  start: emptyState,
  receive(message, state) {
    if (message.type === 'run' && message.name !== state.run?.name) {
      page.remember({ run: message.name });
    }
    return receive(state, message);
  },
  resized: (width) => ({ width }),
  view: (state, theme) => analysisView(state, theme, actions),
});

const actions: AnalysisActions = {
  control(command) {
    page.change({ asked: command });
    page.send({ type: 'control', command });
  },
  open: (note) => page.send({ type: 'open', note }),
  change: (part) => page.change(part),
};
