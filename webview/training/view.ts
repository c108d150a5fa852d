import { html, nothing, type TemplateResult } from 'lit';
import type { NextStep } from '../../src/protocol/panels.js';
import { objectiveEntries } from '../../src/protocol/catalogue/training.js';
import type { RunStatus } from '../../src/protocol/run.js';
import { announcement, codicon, errorNotice, loading, remarks } from '../shared/notice.js';
import { progressLine, runButtons } from '../shared/runControls.js';
import { statusBadge, statusText } from '../shared/status.js';
import type { Theme } from '../shared/theme.js';
import { lossChart, smallCharts } from './charts.js';
import { figures } from './figures.js';
import { planSection } from './plan.js';
import type { TrainingActions, TrainingState } from './state.js';

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
        <h1>${run.title}</h1>
        ${statusBadge(run.status)}
        ${
          run.objective === null
            ? nothing
            : html`<span class="muted">${objectiveEntries[run.objective].label}</span>`
        }
      </div>
      <div class="buttons">
        ${run.status === 'done' ? nextButtons(actions) : nothing}
        ${runButtons({
          ...run,
          asked: state.asked,
          canResume: true,
          canFinish: state.curves.loss.x.length > 0,
          control: actions.control,
        })}
      </div>
    </header>
    ${progressLine(run.status, run.progress)} ${remarks(run.plan?.advice ?? [], 'warning')}
    ${remarks(run.notes, 'info')}
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

/** What to do with the model that the run has given. */
function nextButtons({ next }: TrainingActions): TemplateResult {
  const button = (step: NextStep, icon: string, label: string, explanation: string) =>
    html`<vscode-button
      ?secondary=${step !== 'index'}
      title=${explanation}
      @click=${() => next(step)}
      >${codicon(icon, 'content-before')}${label}</vscode-button
    >`;
  return html`${button('index', 'database', 'Index with it', 'Finds similar notes with this model')}
  ${button('evaluate', 'checklist', 'Evaluate…', 'Measures whether the training helped')}
  ${button('compare', 'git-compare', 'Compare…', 'Draws its loss beside that of other runs')}`;
}

function waiting(status: RunStatus): TemplateResult {
  return status === 'done' || status === 'cancelled' || status === 'failed'
    ? errorNotice('This run ended before its first step.')
    : loading('The loss appears here after the first steps.');
}
