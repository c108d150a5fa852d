import { html, nothing, type TemplateResult } from 'lit';
import { formatCount, formatPlural } from '../shared/format.js';
import { announcement, codicon, errorNotice, loading, notice, remarks } from '../shared/notice.js';
import type { Theme } from '../shared/theme.js';
import type { ClustersActions } from './actions.js';
import { legend } from './legend.js';
import { noteList } from './noteList.js';
import {
  categoryEntries,
  type ClustersState,
  listedNotes,
  type PointsMessage,
  type SelectTool,
} from './state.js';

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
  const entries = categoryEntries(message);
  const named = entries.filter((entry) => entry.category >= 0).length;
  return html`<main class="clusters">
    <header>
      <h1>${message.corpus}</h1>
      <p class="muted">
        ${formatPlural(message.x.length, 'note')}${
          named === 0 ? nothing : ` in ${formatPlural(named, 'category', 'categories')}`
        }
      </p>
      ${
        message.hideText
          ? html`<p class="muted">${codicon('eye-closed')} Note text is hidden.</p>`
          : nothing
      }
    </header>
    <div class="body">
      <section class="stage" aria-label="Map">
        ${remarks(message.warnings, 'warning')}
        <div
          class="frame"
          role="application"
          tabindex="0"
          aria-label="Map of ${formatPlural(message.x.length, 'note')}. Arrow keys move it, plus and
 minus zoom, zero shows all, Escape ends a selection. The list beside it holds the same notes."
          @keydown=${(event: KeyboardEvent) => mapKey(event, actions)}
        >
          ${actions.map.element}
        </div>
        <div class="tools" role="toolbar" aria-label="Map view">
          ${selectTool('lasso', 'edit', 'Select notes by drawing around them', state, actions)}
          ${selectTool('box', 'chrome-maximize', 'Select notes in a box', state, actions)}
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
        ${legend(entries, state, theme, actions)} ${noteList(state, message, theme, actions)}
      </aside>
    </div>
  </main>`;
}

function tool(icon: string, label: string, run: () => void): TemplateResult {
  return html`<button class="icon-button" title=${label} aria-label=${label} @click=${run}>
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

function mapKey(event: KeyboardEvent, { map, clearSelection }: ClustersActions): void {
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
    Escape: clearSelection,
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
    const { points, more } = listedNotes(state, message);
    return `${formatPlural(points.length + more, 'note')} selected`;
  }
  return `Map of ${formatCount(message.x.length)} notes`;
}
