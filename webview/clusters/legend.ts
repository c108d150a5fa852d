import { html, svg, type TemplateResult } from 'lit';
import { formatCount } from '../shared/format.js';
import { symbolPath } from '../../src/core/report/drawing/palette.js';
import type { Theme } from '../shared/theme.js';
import type { CategoryEntry, ClustersState } from './state.js';
import type { ClustersActions } from './actions.js';

/** Colour and shape of each category; a click shows or hides it, a double click shows only it. */
export function legend(
  entries: readonly CategoryEntry[],
  state: ClustersState,
  theme: Theme,
  actions: ClustersActions,
): TemplateResult {
  const all = entries.map((entry) => entry.category);
  const without = (category: number): number[] => all.filter((other) => other !== category);
  const anyHidden = all.some((category) => state.hidden.has(category));
  return html`<section class="legend" aria-label="Categories">
    <div class="section-head">
      <h2>Categories</h2>
      <button class="link-button" @click=${() => actions.setHidden(new Set(anyHidden ? [] : all))}>
        ${anyHidden ? 'Show all' : 'Hide all'}
      </button>
    </div>
    <ul>
      ${entries.map(
        ({ category, name, count }) =>
          html`<li>
            <button
              class="entry"
              aria-pressed=${!state.hidden.has(category)}
              title="${name}: click to show or hide, double-click to show only these"
              @click=${() => actions.setHidden(toggled(state.hidden, category))}
              @dblclick=${() => actions.setHidden(new Set(without(category)))}
            >
              ${symbol(category, theme)}
              <span class="entry-name">${name}</span>
              <span class="figure muted">${formatCount(count)}</span>
            </button>
          </li>`,
      )}
    </ul>
  </section>`;
}

export function symbol(category: number, theme: Theme): TemplateResult {
  const style = theme.category(category);
  return html`<svg class="symbol" width="14" height="14" viewBox="-7 -7 14 14" aria-hidden="true">
    ${svg`<path d=${symbolPath(style.symbol, 10)} fill=${style.colour} />`}
  </svg>`;
}

function toggled(hidden: ReadonlySet<number>, category: number): ReadonlySet<number> {
  const next = new Set(hidden);
  if (!next.delete(category)) next.add(category);
  return next;
}
