import { html, nothing, type TemplateResult } from 'lit';
import type { SimilarNotesControls, SimilarNotesHostMessage } from '../../src/protocol/panels.js';
import { formatPlural } from '../shared/format.js';
import { announcement, codicon, errorNotice, loading, notice } from '../shared/notice.js';
import { noteItem, type ItemActions } from './item.js';
import { toolbar, type ToolbarActions } from './toolbar.js';

export type Results = Extract<SimilarNotesHostMessage, { type: 'results' }>;
/** What the place of the list is filled with. */
export type Content = Exclude<SimilarNotesHostMessage, { type: 'controls' | 'focusText' }>;

export interface SimilarNotesState {
  /** The host's last message about it; `null` at first. */
  readonly message: Content | null;
  /** The last results, kept on screen while the next search runs. */
  readonly results: Results | null;
  readonly controls: SimilarNotesControls | null;
  /** In the search box. */
  readonly text: string;
  /** The active row. */
  readonly active: number;
}

export interface SimilarNotesActions extends ItemActions, ToolbarActions {
  /** Dismisses results for typed text. */
  readonly dismiss: () => void;
  readonly exportList: () => void;
  readonly pin: (isPinned: boolean) => void;
  readonly move: (by: -1 | 1) => void;
  readonly run: (command: string) => void;
}

export function similarNotesView(
  state: SimilarNotesState,
  actions: SimilarNotesActions,
): TemplateResult {
  const { controls, text } = state;
  return html`${announcement(spoken(state.message))}
  ${controls === null ? nothing : toolbar(controls, text, actions)} ${content(state, actions)}`;
}

function content(state: SimilarNotesState, actions: SimilarNotesActions): TemplateResult {
  const { message } = state;
  const alone = (shown: TemplateResult): TemplateResult =>
    html`${heading('', state, actions)}${shown}`;
  switch (message?.type) {
    case undefined:
      return loading('Starting…');
    case 'empty':
      return alone(notice('note', message.reason, message.action, actions.run));
    case 'loading':
      return state.results === null
        ? alone(loading('Looking for similar notes…'))
        : list(state.results, true, state, actions);
    case 'error':
      return alone(errorNotice(message.message));
    case 'results':
      return message.items.length === 0
        ? alone(notice('search', noneSentence(state.controls), null, actions.run))
        : list(message, false, state, actions);
  }
}

function noneSentence(controls: SimilarNotesControls | null): string {
  if ((controls?.conditions.length ?? 0) > 0)
    return 'No note that passes the filters is like this.';
  return controls?.text === ''
    ? 'No other note of this corpus can be compared with this one: there is none in the index, or none of another patient.'
    : 'No note of this corpus is like this.';
}

function list(
  results: Results,
  isStale: boolean,
  state: SimilarNotesState,
  actions: SimilarNotesActions,
): TemplateResult {
  const { hideText, items, remark } = results;
  const place = { rows: items.length, hideText, canCompare: !results.isTyped };
  return html`${heading(isStale ? 'Looking…' : titleOf(results), state, actions)}
    <ul
      class="notes ${isStale ? 'stale' : ''}"
      role="listbox"
      aria-label="Similar notes"
      aria-busy=${isStale}
    >
      ${items.map((item, row) =>
        noteItem(item, { ...place, row, isActive: row === state.active }, actions),
      )}
    </ul>
    ${remark === null ? nothing : html`<p class="remark muted">${codicon('info')} ${remark}</p>`}
    ${
      hideText
        ? html`<p class="hidden-text muted">${codicon('eye-closed')} Note text is hidden.</p>`
        : nothing
    }`;
}

function titleOf({ title, hideText, isTyped }: Results): TemplateResult | string {
  if (isTyped) return 'Similar to what you typed';
  if (hideText || title === '') return 'Similar to the open note';
  return html`Similar to <b>${title}</b>`;
}

/** What is listed, with the ways to other lists. */
function heading(
  title: TemplateResult | string,
  { controls, message, results }: SimilarNotesState,
  actions: SimilarNotesActions,
): TemplateResult | typeof nothing {
  const { canGoBack = false, canGoForward = false, isPinned = false } = controls ?? {};
  const isList = title !== '' && controls !== null;
  const isTyped = results?.isTyped === true && message?.type === 'results';
  if (title === '' && !canGoBack && !canGoForward) return nothing;
  return html`<div class="heading muted">
    ${
      canGoBack || canGoForward
        ? html`${button('arrow-left', 'Back to the list before', () => actions.move(-1), canGoBack)}
          ${button('arrow-right', 'Forward to the list after', () => actions.move(1), canGoForward)}`
        : nothing
    }
    <span class="about">${title}</span>
    ${isList ? button('export', 'Export this list…', actions.exportList) : nothing}
    ${
      isTyped || !isList
        ? nothing
        : html`<button
            class="icon-button"
            aria-pressed=${isPinned}
            title=${isPinned ? 'Follow the open note again' : pinTitle}
            aria-label=${pinTitle}
            @click=${() => actions.pin(!isPinned)}
          >
            ${codicon(isPinned ? 'pinned' : 'pin')}
          </button>`
    }
    ${isTyped ? button('close', 'Back to the open note', actions.dismiss) : nothing}
  </div>`;
}

const pinTitle = 'Keep this list, whatever is opened';

function button(icon: string, label: string, run: () => void, isEnabled = true): TemplateResult {
  return html`<button
    class="icon-button"
    title=${label}
    aria-label=${label}
    ?disabled=${!isEnabled}
    @click=${run}
  >
    ${codicon(icon)}
  </button>`;
}

function spoken(message: Content | null): string {
  switch (message?.type) {
    case undefined:
    case 'error':
      return '';
    case 'loading':
      return 'Looking for similar notes';
    case 'empty':
      return message.reason;
    case 'results':
      return formatPlural(message.items.length, 'similar note');
  }
}
