import { html, nothing, type TemplateResult } from 'lit';
import { announcement, codicon, loading, notice, remarks } from '../shared/notice.js';
import { progressLine, runButtons } from '../shared/runControls.js';
import { statusBadge, statusText } from '../shared/status.js';
import type { Theme } from '../shared/theme.js';
import type { EvaluationActions } from './actions.js';
import { figuresTable } from './figuresTable.js';
import { reportView } from './report.js';
import type { EvaluationState, RunMessage } from './state.js';

export function evaluationView(
  state: EvaluationState,
  theme: Theme,
  actions: EvaluationActions,
): TemplateResult {
  const { run, content } = state;
  if (content?.type === 'empty' && run === null) {
    return html`${announcement(content.reason)}${notice('checklist', content.reason, null, () => undefined)}`;
  }
  if (run === null && content === null) return loading('Reading the evaluation…');
  return html`<main class="evaluation">
    ${announcement(spoken(state))}
    <header>
      <div class="name">
        <h1>${titleOf(state)}</h1>
        ${run === null ? nothing : statusBadge(run.status)}
        ${run === null ? nothing : html`<span class="muted">${run.name}</span>`}
      </div>
      ${
        run === null
          ? nothing
          : html`<div class="buttons">
              ${runButtons({
                ...run,
                asked: state.asked,
                canFinish: false,
                control: actions.control,
              })}
            </div>`
      }
    </header>
    ${run === null ? nothing : whereItIs(run)} ${body(state, theme, actions)}
  </main>`;
}

function titleOf({ run, content }: EvaluationState): string {
  return content === null || content.type === 'empty' ? (run?.corpus ?? '') : content.corpus;
}

function whereItIs(run: RunMessage) {
  return html`${progressLine(run.status, run.progress, run.millisecondsLeft)}
  ${
    run.error === null
      ? nothing
      : html`<p class="run-error" role="alert">${codicon('error')}<span>${run.error}</span></p>`
  }`;
}

function body(state: EvaluationState, theme: Theme, actions: EvaluationActions) {
  const { run, content } = state;
  // What was remarked on while it ran stands below what it came to.
  const told = remarks(run?.notes ?? [], 'info');
  switch (content?.type) {
    case 'figures':
      return html`${figuresTable(content, theme)} ${told}`;
    case 'report':
      return html`${reportView(state, content, theme, actions)} ${told}`;
    case 'empty':
      return html`<p class="run-error" role="alert">
        ${codicon('error')}<span>${content.reason}</span>
      </p>`;
    case undefined:
      return html`${told} ${run === null ? nothing : waiting(run)}`;
  }
}

function waiting({ status, canResume }: RunMessage) {
  if (status === 'done') return loading('Reading the report…');
  const stopped = status === 'cancelled' || status === 'failed';
  if (!stopped) return loading('The figures appear here when it is done.');
  if (!canResume) return nothing;
  return html`<p class="muted">What is finished is kept: Resume goes on from there.</p>`;
}

function spoken({ run, content }: EvaluationState): string {
  const status = run === null ? '' : `Evaluation ${statusText[run.status].toLowerCase()}`;
  const [first = ''] = content === null || content.type === 'empty' ? [] : content.verdict;
  return [status, run?.error ?? '', first].filter((part) => part !== '').join('. ');
}
