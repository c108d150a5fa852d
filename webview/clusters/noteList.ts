import { html, nothing, type TemplateResult } from 'lit';
import { formatCount } from '../shared/format.js';
import type { Theme } from '../shared/theme.js';
import { mapActionNames, mapActions } from '../../src/protocol/catalogue/map.js';
import { activeColumn, drawnCodes, pointStyle } from './columns.js';
import { symbol } from './legend.js';
import type { PointsMessage } from './content.js';
import { type ClustersState, listedNotes, type NoteList, pointName, pointValue } from './state.js';
import type { ClustersActions } from './actions.js';
import '@vscode-elements/elements/dist/vscode-textfield/index.js';

/** The map's notes as a list, for keyboard and screen reader users. */
export function noteList(
  state: ClustersState,
  message: PointsMessage,
  theme: Theme,
  actions: ClustersActions,
): TemplateResult {
  const list = listedNotes(state, message);
  const { title, points, all } = list;
  const more = Math.max(0, all.length - points.length);
  const column = activeColumn(message, state.colour);
  const codes = drawnCodes(message, column, null);
  return html`<section class="notes" aria-label="Notes">
    ${message.hideText ? nothing : searchField(actions)}
    <div class="section-head">
      <h2>${title}</h2>
      <span class="figure muted">${formatCount(all.length)}</span>
      ${
        state.selection === null
          ? nothing
          : html`<button class="link-button" @click=${actions.clearSelection}>
              Clear selection
            </button>`
      }
    </div>
    ${list.isChosen ? takeButtons(list, actions) : nothing}
    <ul role="listbox" aria-label=${title}>
      ${points.map((point, row) => {
        const value = pointValue(state, message, point);
        const open = point === state.highlight;
        return html`<li
          role="option"
          aria-selected=${row === state.row}
          aria-label="${[pointName(message, point), value, open ? 'open' : '']
            .filter((part) => part !== '')
            .join(', ')}"
          tabindex=${row === state.row ? 0 : -1}
          @click=${() => {
            actions.activate(row, point);
            actions.open(point);
          }}
          @focus=${() => actions.focused(row, point)}
          @keydown=${(event: KeyboardEvent) => {
            const target = rowAfter(event.key, row, points.length);
            if (target !== null) actions.activate(target, points[target] ?? null);
            else if (event.key === 'Enter' || event.key === ' ') actions.open(point);
            else return;
            event.preventDefault();
          }}
        >
          ${symbol(pointStyle(column, codes[point] ?? -1, theme))}
          <span class="entry-name ${open ? 'open' : ''}">${pointName(message, point)}</span>
        </li>`;
      })}
    </ul>
    ${points.length === 0 ? html`<p class="muted none">None is shown.</p>` : nothing}
    ${
      more === 0
        ? nothing
        : html`<p class="muted none">and ${formatCount(more)} more: search by name.</p>`
    }
  </section>`;
}

/** What can be done with the notes that were selected or found. */
function takeButtons({ all }: NoteList, { take }: ClustersActions): TemplateResult {
  return html`<div class="take" role="toolbar" aria-label="These notes">
    ${mapActionNames.map(
      (name) =>
        html`<button
          class="link-button"
          title=${mapActions[name].sentence}
          ?disabled=${all.length === 0}
          @click=${() => take(name, all)}
        >
          ${mapActions[name].label}
        </button>`,
    )}
  </div>`;
}

function searchField(actions: ClustersActions): TemplateResult {
  return html`<vscode-textfield
    type="search"
    placeholder="Find a note by name"
    label="Find a note by name"
    @input=${(event: Event) => actions.search((event.target as HTMLInputElement).value)}
  ></vscode-textfield>`;
}

function rowAfter(key: string, row: number, rows: number): number | null {
  const target = { ArrowDown: row + 1, ArrowUp: row - 1, Home: 0, End: rows - 1 }[key];
  return target === undefined ? null : Math.min(rows - 1, Math.max(0, target));
}
