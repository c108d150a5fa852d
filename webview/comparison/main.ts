import { render } from 'lit';
import type { ComparisonHostMessage, ComparisonPanelMessage } from '../../src/protocol/panels.js';
import { openPort } from '../shared/port.js';
import { onThemeChange, readTheme } from '../shared/theme.js';
import { comparisonHostMessage } from './messages.js';
import { type ComparisonState, emptyState, receive } from './state.js';
import { type ComparisonActions, comparisonView } from './view.js';
import './comparison.css';

const root = document.getElementById('app') ?? document.body;
let state: ComparisonState = { ...emptyState, width: root.clientWidth };

const port = openPort<ComparisonHostMessage, ComparisonPanelMessage>(
  comparisonHostMessage,
  (message) => {
    if (message.type === 'runs') {
      port.remember({ runs: message.runs.map(({ name }) => name).join('\n') });
    }
    change(receive(state, message));
  },
);

const actions: ComparisonActions = {
  point: (pointer) => change({ ...state, pointer }),
  measure: (measure) => change({ ...state, measure }),
  part: (part, shown) => change({ ...state, parts: { ...state.parts, [part]: shown } }),
  show(run, shown) {
    const hidden = new Set(state.hidden);
    if (shown) hidden.delete(run);
    else hidden.add(run);
    change({ ...state, hidden });
  },
  open: (run) => port.send({ type: 'show', run }),
};

let scheduled = false;

/** Messages may come faster than pictures are needed. */
function schedule(): void {
  if (scheduled) return;
  scheduled = true;
  requestAnimationFrame(() => {
    scheduled = false;
    render(comparisonView(state, readTheme(), actions), root);
  });
}

function change(next: ComparisonState): void {
  state = next;
  schedule();
}

new ResizeObserver(() => change({ ...state, width: root.clientWidth })).observe(root);
onThemeChange(schedule);
schedule();
