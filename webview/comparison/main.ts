import type { ComparisonHostMessage, ComparisonPanelMessage } from '../../src/protocol/panels.js';
import { openPage } from '../shared/page.js';
import { schemas } from './messages.js';
import { type ComparisonState, emptyState, receive } from './state.js';
import { type ComparisonActions, comparisonView } from './view.js';
import './comparison.css';

const page = openPage<ComparisonState, ComparisonHostMessage, ComparisonPanelMessage>({
  schemas,
  start: emptyState,
  receive(message, state) {
    if (message.type === 'runs') {
      page.remember({ runs: message.runs.map(({ name }) => name).join('\n') });
    }
    return receive(state, message);
  },
  resized: (width) => ({ width }),
  view: (state, theme) => comparisonView(state, theme, actions),
});

const actions: ComparisonActions = {
  point: (pointer) => page.change({ pointer }),
  measure: (measure) => page.change({ measure }),
  part: (part, shown) => page.change({ parts: { ...page.state().parts, [part]: shown } }),
  show(run, shown) {
    const hidden = new Set(page.state().hidden);
    if (shown) hidden.delete(run);
    else hidden.add(run);
    page.change({ hidden });
  },
  open: (run) => page.send({ type: 'show', run }),
};
