import type { TrainingHostMessage, TrainingPanelMessage } from '../../src/protocol/panels.js';
import { appendLines, emptyCurves } from '../shared/curves.js';
import { openPage } from '../shared/page.js';
import { schemas } from './messages.js';
import type { TrainingActions, TrainingState } from './state.js';
import { trainingView } from './view.js';
import './training.css';

const page = openPage<TrainingState, TrainingHostMessage, TrainingPanelMessage>({
  schemas,
  start: { run: null, curves: emptyCurves(), pointer: null, width: 0, asked: null },
  receive(message, state) {
    if (message.type === 'metrics') {
      const curves = message.reset ? emptyCurves() : state.curves;
      return { curves: appendLines(curves, message.lines) };
    }
    const another = state.run?.name !== message.name;
    // Shown as requested until the run's status changes.
    const asked = state.run?.status === message.status ? state.asked : null;
    if (another) page.remember({ run: message.name });
    return { run: message, asked: another ? null : asked };
  },
  resized: (width) => ({ width }),
  view: (state, theme) => trainingView(state, theme, actions),
});

const actions: TrainingActions = {
  control(command) {
    page.change({ asked: command });
    page.send({ type: 'control', command });
  },
  next: (step) => page.send({ type: 'next', step }),
  point: (pointer) => page.change({ pointer }),
};
