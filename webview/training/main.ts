import { render } from 'lit';
import type { TrainingHostMessage, TrainingPanelMessage } from '../../src/protocol/panels.js';
import { appendLines, emptyCurves } from '../shared/curves.js';
import { openPort } from '../shared/port.js';
import { onThemeChange, readTheme } from '../shared/theme.js';
import { trainingHostMessage } from './messages.js';
import type { TrainingState } from './state.js';
import { trainingView } from './view.js';
import './training.css';

const root = document.getElementById('app') ?? document.body;
let state: TrainingState = {
  run: null,
  curves: emptyCurves(),
  pointer: null,
  width: root.clientWidth,
  asked: null,
};

const port = openPort<TrainingHostMessage, TrainingPanelMessage>(trainingHostMessage, (message) => {
  if (message.type === 'run') {
    const another = state.run?.name !== message.name;
    // What was asked for shows until the run's status changes.
    const asked = state.run?.status === message.status ? state.asked : null;
    state = { ...state, run: message, asked: another ? null : asked };
    if (another) port.remember({ run: message.name });
  } else {
    const curves = message.reset ? emptyCurves() : state.curves;
    state = { ...state, curves: appendLines(curves, message.lines) };
  }
  schedule();
});

let scheduled = false;

/** Messages may come faster than pictures are needed. */
function schedule(): void {
  if (scheduled) return;
  scheduled = true;
  requestAnimationFrame(() => {
    scheduled = false;
    const view = trainingView(state, readTheme(), {
      control: (command) => {
        state = { ...state, asked: command };
        port.send({ type: 'control', command });
        schedule();
      },
      point: (pointer) => {
        state = { ...state, pointer };
        schedule();
      },
    });
    render(view, root);
  });
}

new ResizeObserver(() => {
  state = { ...state, width: root.clientWidth };
  schedule();
}).observe(root);
onThemeChange(schedule);
schedule();
