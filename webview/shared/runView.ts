/** A panel that follows a run: its name and status, how far it is, what can be done with it, what it found. */
import { html, nothing, type TemplateResult } from 'lit';
import type { RunCommand } from '../../src/protocol/run.js';
import { announcement, codicon, loading, notice, remarks } from './notice.js';
import { progressLine, runButtons } from './runControls.js';
import type { EmptyMessage, RunMessage, RunShown } from './runState.js';
import { statusBadge, statusText } from './status.js';

interface OfCorpus {
  readonly type: string;
  readonly corpus: string;
}

export interface RunView<Content> {
  /** "evaluation", for its class and in sentences. */
  readonly noun: string;
  readonly icon: string;
  readonly state: RunShown<Content>;
  readonly control: (command: RunCommand) => void;
  readonly body: (content: Content) => TemplateResult;
  /** What a screen reader says of it first. */
  readonly gist: (content: Content) => string;
}

export function runView<Content extends OfCorpus>(view: RunView<Content>): TemplateResult {
  const { noun, icon, state, control } = view;
  const { run, content } = state;
  if (isEmpty(content) && run === null) {
    return html`${announcement(content.reason)}${notice(icon, content.reason, null, () => undefined)}`;
  }
  if (run === null && content === null) return loading(`Reading the ${noun}…`);
  return html`<main class="report ${noun}">
    ${announcement(spoken(view))}
    <header>
      <div class="name">
        <h1>${content === null || isEmpty(content) ? (run?.corpus ?? '') : content.corpus}</h1>
        ${run === null ? nothing : statusBadge(run.status)}
        ${run === null ? nothing : html`<span class="muted">${run.name}</span>`}
      </div>
      ${
        run === null
          ? nothing
          : html`<div class="buttons">
              ${runButtons({ ...run, asked: state.asked, canFinish: false, control })}
            </div>`
      }
    </header>
    ${run === null ? nothing : whereItIs(run)} ${body(view)}
  </main>`;
}

function isEmpty(content: OfCorpus | EmptyMessage | null): content is EmptyMessage {
  return content?.type === 'empty';
}

function whereItIs(run: RunMessage): TemplateResult {
  return html`${progressLine(run.status, run.progress, run.millisecondsLeft)}
  ${run.error === null ? nothing : errorLine(run.error)}`;
}

function errorLine(sentence: string): TemplateResult {
  return html`<p class="run-error" role="alert">${codicon('error')}<span>${sentence}</span></p>`;
}

function body<Content extends OfCorpus>({ state, body: found }: RunView<Content>) {
  const { run, content } = state;
  // What was remarked on while it ran stands below what it came to.
  const told = remarks(run?.notes ?? [], 'info');
  if (content === null) return html`${told} ${run === null ? nothing : waiting(run)}`;
  return isEmpty(content) ? errorLine(content.reason) : html`${found(content)} ${told}`;
}

function waiting({ status, canResume }: RunMessage): TemplateResult | typeof nothing {
  if (status === 'done') return loading('Reading the report…');
  const stopped = status === 'cancelled' || status === 'failed';
  if (!stopped) return loading('The figures appear here when it is done.');
  if (!canResume) return nothing;
  return html`<p class="muted">What is finished is kept: Resume goes on from there.</p>`;
}

function spoken<Content extends OfCorpus>({ noun, state, gist }: RunView<Content>): string {
  const { run, content } = state;
  const name = `${noun[0]?.toUpperCase() ?? ''}${noun.slice(1)}`;
  const status = run === null ? '' : `${name} ${statusText[run.status].toLowerCase()}`;
  const first = content === null || isEmpty(content) ? '' : gist(content);
  return [status, run?.error ?? '', first].filter((part) => part !== '').join('. ');
}
