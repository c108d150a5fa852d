import { html, nothing, svg, type TemplateResult } from 'lit';
import { symbolPath } from '../../src/core/report/drawing/palette.js';
import { scaleColour, scaleSteps } from '../../src/core/report/drawing/scale.js';
import type { MapColumn, ScaleColumn } from '../../src/protocol/map.js';
import { select } from '../shared/fields.js';
import { formatCount } from '../shared/format.js';
import type { PointStyle } from '../shared/scatterPlot.js';
import type { Theme } from '../shared/theme.js';
import type { ClustersActions } from './actions.js';
import { activeColumn, legendEntries, scaleText, valueStyle } from './columns.js';
import { rangeFilter } from './rangeFilter.js';
import type { PointsMessage } from './content.js';
import type { ClustersState } from './state.js';

/** What the notes are coloured by; values are shown or hidden by a click, and shown alone by a double click. */
export function legend(
  state: ClustersState,
  message: PointsMessage,
  theme: Theme,
  actions: ClustersActions,
): TemplateResult | typeof nothing {
  const column = activeColumn(message, state.colour);
  if (column === null) return nothing;
  const dates = message.columns.find(({ kind, name }) => kind === 'scale' && name === dateColumn);
  return html`<section class="legend" aria-label=${column.label}>
    <div class="colour-by">
      ${select({
        legend: 'Colour by',
        name: 'colour',
        options: message.columns.map(({ name, label }) => ({ value: name, label })),
        chosen: column.name,
        choose: actions.colourBy,
      })}
    </div>
    <div class="section-head">
      <h2 title=${column.sentence}>${column.label}</h2>
      ${column.kind === 'values' ? showAll(column, state, actions) : nothing}
    </div>
    ${column.kind === 'scale' ? scaleBar(column, theme) : nothing}
    <ul>
      ${entries(column, state, theme, actions)}
    </ul>
    ${column.kind === 'scale' ? rangeFilter(column, state, actions) : nothing}
    ${
      dates?.kind === 'scale' && dates !== column
        ? html`<div class="section-head"><h2>${dates.label}</h2></div>
            ${rangeFilter(dates, state, actions)}`
        : nothing
    }
  </section>`;
}

/** The notes' own date, if they have one. */
const dateColumn = 'date';

function showAll(
  column: MapColumn,
  { filters }: ClustersState,
  { setHidden }: ClustersActions,
): TemplateResult {
  const all = legendEntries(column).map(({ code }) => code);
  const off = filters.hidden.get(column.name) ?? new Set();
  const anyHidden = all.some((code) => off.has(code));
  return html`<button
    class="link-button"
    @click=${() => setHidden(column.name, new Set(anyHidden ? [] : all))}
  >
    ${anyHidden ? 'Show all' : 'Hide all'}
  </button>`;
}

function entries(
  column: MapColumn,
  { filters }: ClustersState,
  theme: Theme,
  { setHidden }: ClustersActions,
): TemplateResult[] {
  const listed = legendEntries(column);
  const off = filters.hidden.get(column.name) ?? new Set();
  const all = listed.map(({ code }) => code);
  const shown = column.kind === 'values' ? listed : listed.filter(({ code }) => code < 0);
  return shown.map(
    ({ code, name, count }) =>
      html`<li>
        <button
          class="entry"
          aria-pressed=${!off.has(code)}
          title="${name}: click to show or hide, double-click to show only these"
          @click=${(event: MouseEvent) => {
            // The second click of a double one is not a click of its own.
            if (event.detail < 2) setHidden(column.name, toggled(off, code));
          }}
          @dblclick=${() => setHidden(column.name, new Set(all.filter((other) => other !== code)))}
        >
          ${symbol(valueStyle(column, code, theme))}
          <span class="entry-name">${name}</span>
          <span class="figure muted">${formatCount(count)}</span>
        </button>
      </li>`,
  );
}

function scaleBar(column: ScaleColumn, theme: Theme): TemplateResult {
  const [first, last] = [scaleText(column, column.first), scaleText(column, column.last)];
  const steps = Array.from({ length: scaleSteps }, (_, step) => step);
  return html`<div class="scale">
    <svg
      viewBox="0 0 ${scaleSteps} 1"
      preserveAspectRatio="none"
      role="img"
      aria-label="Colours from ${first} to ${last}"
    >
      ${steps.map(
        (step) =>
          svg`<rect x=${step} width="1.02" height="1" fill=${scaleColour(theme.dark, step)} />`,
      )}
    </svg>
    <div class="ends figure muted"><span>${first}</span><span>${last}</span></div>
  </div>`;
}

export function symbol({ colour, symbol: shape }: PointStyle): TemplateResult {
  return html`<svg class="symbol" width="14" height="14" viewBox="-7 -7 14 14" aria-hidden="true">
    ${svg`<path d=${symbolPath(shape, 10)} fill=${colour} />`}
  </svg>`;
}

function toggled(hidden: ReadonlySet<number>, code: number): ReadonlySet<number> {
  const next = new Set(hidden);
  if (!next.delete(code)) next.add(code);
  return next;
}
