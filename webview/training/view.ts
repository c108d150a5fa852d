import { html, nothing, type TemplateResult } from 'lit';
import { objectiveEntries } from '../../src/protocol/catalogue/training.js';
import type { RunStatus } from '../../src/protocol/run.js';
import { formatCount } from '../shared/format.js';
import { announcement, codicon, errorNotice, loading, remarks } from '../shared/notice.js';
import { statusBadge, statusText } from '../shared/status.js';
import type { Theme } from '../shared/theme.js';
import { lossChart, smallCharts } from './charts.js';
import { figures } from './figures.js';
import { planSection } from './plan.js';
import type { Control, RunMessage, TrainingActions, TrainingState } from './state.js';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-progress-bar/index.js';

export function trainingView(
  state: TrainingState,
  theme: Theme,
  actions: TrainingActions,
): TemplateResult {
  const { run } = state;
  if (run === null) return loading('Reading the run…');
  const hasCurve = state.curves.loss.x.length > 0 || state.curves.heldOut.x.length > 0;
  return html`<main class="training">
    ${announcement(`${statusText[run.status]}${run.error === null ? '' : `: ${run.error}`}`)}
    <header>
      <div class="name">
        <h1>${run.name}</h1>
        ${statusBadge(run.status)}
        ${
          run.objective === null
            ? nothing
            : html`<span class="muted">${objectiveEntries[run.objective].label}</span>`
        }
      </div>
      <div class="buttons">${buttons(state, actions)}</div>
    </header>
    ${progressLine(run)} ${remarks(run.plan?.advice ?? [], 'warning')} ${remarks(run.notes, 'info')}
    ${
      run.error === null
        ? nothing
        : html`<p class="run-error" role="alert">${codicon('error')}<span>${run.error}</span></p>`
    }
    ${figures(state)}
    ${
      hasCurve
        ? html`${lossChart(state, theme, actions)} ${smallCharts(state, theme, actions)}`
        : run.error === null
          ? waiting(run.status)
          : nothing
    }
    ${planSection(run.plan)}
  </main>`;
}

function buttons(state: TrainingState, actions: TrainingActions) {
  const { run, asked } = state;
  const status = run?.status;
  if (status === undefined || status === 'done') return nothing;
  const button = (command: Control, icon: string, label: string, primary: boolean) =>
    html`<vscode-button
      ?secondary=${!primary}
      ?disabled=${asked === command}
      @click=${() => actions.control(command)}
      >${codicon(icon, 'content-before')}${label}</vscode-button
    >`;
  // A stopped run resumes from its last checkpoint.
  if (status === 'cancelled' || status === 'failed') {
    return button('resume', 'debug-continue', 'Resume', status === 'cancelled');
  }
  return html`${
    status === 'paused'
      ? button('resume', 'debug-continue', 'Resume', true)
      : status === 'running'
        ? button('pause', 'debug-pause', asked === 'pause' ? 'Pausing…' : 'Pause', false)
        : nothing
  }
  ${
    status === 'cancelling'
      ? // A second cancel forces a run to stop.
        button('cancel', 'debug-stop', 'Stop now', false)
      : button('cancel', 'debug-stop', asked === 'cancel' ? 'Cancelling…' : 'Cancel', false)
  }`;
}

function progressLine(run: RunMessage) {
  const { progress } = run;
  if (progress === null || run.status === 'done') return nothing;
  const { phase, done, total, unit } = progress;
  const text =
    total === null
      ? `${phase}: ${formatCount(done)} ${unit}`
      : `${phase}: ${formatCount(done)} of ${formatCount(total)} ${unit}`;
  const moving = run.status === 'running' || run.status === 'starting';
  return html`<div class="progress">
    <vscode-progress-bar
      aria-label=${phase}
      ?indeterminate=${total === null && moving}
      .value=${total === null ? 0 : done}
      .max=${total === null || total === 0 ? 1 : total}
    ></vscode-progress-bar>
    <p class="muted figure">${text}</p>
  </div>`;
}

function waiting(status: RunStatus): TemplateResult {
  return status === 'done' || status === 'cancelled' || status === 'failed'
    ? errorNotice('This run ended before its first step.')
    : loading('The loss appears here after the first steps.');
}
