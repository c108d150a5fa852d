import { render } from 'lit';
import type { EvaluationHostMessage, EvaluationPanelMessage } from '../../src/protocol/panels.js';
import { openPort } from '../shared/port.js';
import { onThemeChange, readTheme } from '../shared/theme.js';
import { evaluationHostMessage } from './messages.js';
import { evaluationView } from './view.js';
import './evaluation.css';

const root = document.getElementById('app') ?? document.body;
let message: EvaluationHostMessage | null = null;

function update(): void {
  render(evaluationView(message, readTheme()), root);
}

openPort<EvaluationHostMessage, EvaluationPanelMessage>(evaluationHostMessage, (next) => {
  message = next;
  update();
});
onThemeChange(update);
update();
