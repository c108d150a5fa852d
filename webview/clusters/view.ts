import { html, nothing, type TemplateResult } from 'lit';
import { formatCount, formatPlural } from '../shared/format.js';
import { announcement, codicon, errorNotice, loading, notice, remarks } from '../shared/notice.js';
import type { Theme } from '../shared/theme.js';
import type { ClustersActions } from './actions.js';
import { shownCount, shownText, visiblePoints } from './columns.js';
import { namedColumn } from './groupNames.js';
import { legend } from './legend.js';
import { lookUpBox } from './lookUpBox.js';
import { noteList } from './noteList.js';
import type { PointsMessage } from './content.js';
import { type ClustersState, listedNotes, type SelectTool } from './state.js';

export function clustersView(
  state: ClustersState,
  theme: Theme,
  actions: ClustersActions,
): TemplateResult {
  const { message } = state;
  return html`${announcement(spoken(state))}${content()}`;

  function content(): TemplateResult {
    switch (message?.type) {
      case undefined:
        return loading('Drawing the map…');
      case 'empty':
        return notice('graph-scatter', message.reason, message.action, actions.run);
      case 'error':
        return errorNotice(message.message);
      case 'points':
        return message.x.length === 0
          ? notice('graph-scatter', 'There is no note to draw yet.', null, actions.run)
          : mapAndNotes(state, message, theme, actions);
    }
  }
}

function mapAndNotes(
  state: ClustersState,
  message: PointsMessage,
  theme: Theme,
  actions: ClustersActions,
): TemplateResult {
  const shown = shownCount(visiblePoints(message, state.filters));
  return html`<main class="clusters">
    <header>
      <h1>${message.corpus}</h1>
      <p class="muted">${shownText(shown, message.x.length)}</p>
      ${
        shown === message.x.length
          ? nothing
          : html`<button class="link-button" @click=${actions.clearFilters}>Show all notes</button>`
      }
      ${
        message.hideText
          ? html`<p class="muted">${codicon('eye-closed')} Note text is hidden.</p>`
          : nothing
      }
    </header>
    <div class="body">
      <section class="stage" aria-label="Map">
        ${remarks(message.warnings, 'warning')} ${lookUpBox(state, actions)}
        <div
          class="frame"
          role="application"
          tabindex="0"
          aria-label="Map of ${formatPlural(message.x.length, 'note')}. Arrow keys move it, plus and
 minus zoom, zero shows all, Escape ends a selection or a search, Control Z takes back. The list beside it
 holds the same notes."
          @keydown=${(event: KeyboardEvent) => mapKey(event, state, actions)}
        >
          ${actions.map.element}
        </div>
        <div class="tools" role="toolbar" aria-label="Map view">
          ${selectTool('lasso', 'edit', 'Select notes by drawing around them', state, actions)}
          ${selectTool('box', 'chrome-maximize', 'Select notes in a box', state, actions)}
          ${tool('discard', 'Undo', actions.undo, state.past.length === 0)}
          ${
            namedColumn(message, state.colour) === null || message.hideText
              ? nothing
              : html`<button
                  class="icon-button ${state.hasNames ? 'on' : ''}"
                  title="Names of groups on the map"
                  aria-label="Names of groups on the map"
                  aria-pressed=${state.hasNames}
                  @click=${() => actions.showNames(!state.hasNames)}
                >
                  ${codicon('tag')}
                </button>`
          }
          ${tool('save', 'Save the map as a picture or a page', actions.save)}
          ${tool('zoom-in', 'Zoom in', () => actions.map.zoom(1.5))}
          ${tool('zoom-out', 'Zoom out', () => actions.map.zoom(1 / 1.5))}
          ${tool('screen-full', 'Show all', () => actions.map.fit())}
          ${
            state.highlight === null
              ? nothing
              : tool('target', 'Show the open note', () => actions.map.reveal(state.highlight ?? 0))
          }
        </div>
      </section>
      <aside>
        ${legend(state, message, theme, actions)} ${noteList(state, message, theme, actions)}
      </aside>
    </div>
  </main>`;
}

function tool(icon: string, label: string, run: () => void, isOff = false): TemplateResult {
  return html`<button
    class="icon-button"
    title=${label}
    aria-label=${label}
    ?disabled=${isOff}
    @click=${run}
  >
    ${codicon(icon)}
  </button>`;
}

/** Pressed until an area has been drawn. */
function selectTool(
  tool: SelectTool,
  icon: string,
  label: string,
  state: ClustersState,
  actions: ClustersActions,
): TemplateResult {
  const isOn = state.tool === tool;
  return html`<button
    class="icon-button ${isOn ? 'on' : ''}"
    title=${label}
    aria-label=${label}
    aria-pressed=${isOn}
    @click=${() => actions.setTool(isOn ? null : tool)}
  >
    ${codicon(icon)}
  </button>`;
}

function mapKey(event: KeyboardEvent, state: ClustersState, actions: ClustersActions): void {
  const { map, clearSelection, lookUp, undo } = actions;
  if ((event.ctrlKey || event.metaKey) && event.key === 'z') {
    event.preventDefault();
    undo();
    return;
  }
  const isFound = state.found !== null && state.selection === null && state.tool === null;
  const step = 40;
  const keys: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => map.pan(step, 0),
    ArrowRight: () => map.pan(-step, 0),
    ArrowUp: () => map.pan(0, step),
    ArrowDown: () => map.pan(0, -step),
    '+': () => map.zoom(1.25),
    '=': () => map.zoom(1.25),
    '-': () => map.zoom(1 / 1.25),
    '0': () => map.fit(),
    Escape: isFound ? () => lookUp('', state.asked.mode) : clearSelection,
  };
  const run = event.ctrlKey || event.metaKey || event.altKey ? undefined : keys[event.key];
  if (run === undefined) return;
  event.preventDefault();
  run();
}

function spoken(state: ClustersState): string {
  const { message } = state;
  if (message?.type === 'empty') return message.reason;
  if (message?.type !== 'points') return '';
  if (state.selection !== null) {
    return `${formatPlural(listedNotes(state, message).all.length, 'note')} selected`;
  }
  if (state.found !== null) return state.found.sentence;
  return `Map of ${formatCount(message.x.length)} notes`;
}
