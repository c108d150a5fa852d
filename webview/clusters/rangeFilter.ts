/** Two sliders: the least and the greatest of the numbers or dates that are shown. */
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { ScaleColumn } from '../../src/protocol/map.js';
import type { ClustersActions } from './actions.js';
import { type Range, scaleText } from './columns.js';
import type { ClustersState } from './state.js';

const day = 86_400_000;
const mostSteps = 500;

export function rangeFilter(
  column: ScaleColumn,
  { filters }: ClustersState,
  { setRange }: ClustersActions,
): TemplateResult {
  const { name, label, first, last } = column;
  const range = filters.ranges.get(name) ?? { from: first, to: last };
  const steps = stepsOf(column);
  const placeOf = (value: number): number => Math.round(((value - first) / (last - first)) * steps);
  // The ends are exact, or the notes at them would be lost to rounding.
  const valueAt = (place: number): number =>
    place <= 0 ? first : place >= steps ? last : first + ((last - first) * place) / steps;
  const change = (next: Range, isDragged: boolean): void => {
    const isAll = next.from <= first && next.to >= last;
    setRange(name, isAll ? null : next, isDragged);
  };
  const slider = (end: 'from' | 'to'): TemplateResult => {
    const moved = (event: Event, isDragged: boolean): void => {
      const value = valueAt(Number((event.target as HTMLInputElement).value));
      const next =
        end === 'from'
          ? { from: value, to: Math.max(value, range.to) }
          : { from: Math.min(value, range.from), to: value };
      change(next, isDragged);
    };
    return html`<label>
      <span class="muted">${end === 'from' ? 'From' : 'To'}</span>
      <input
        type="range"
        min="0"
        max=${steps}
        aria-label="${label}, ${end === 'from' ? 'from' : 'to'}"
        aria-valuetext=${scaleText(column, range[end])}
        .value=${live(String(placeOf(range[end])))}
        @input=${(event: Event) => moved(event, true)}
        @change=${(event: Event) => moved(event, false)}
      />
      <span class="figure">${scaleText(column, range[end])}</span>
    </label>`;
  };
  return html`<div class="range" role="group" aria-label="Show ${label}">
    ${slider('from')} ${slider('to')}
    ${
      filters.ranges.has(name)
        ? html`<button class="link-button" @click=${() => setRange(name, null, false)}>
            Show all
          </button>`
        : nothing
    }
  </div>`;
}

/** Of dates a step is a day, as long as there are not too many. */
function stepsOf({ type, first, last }: ScaleColumn): number {
  const fine = type === 'date' ? Math.ceil((last - first) / day) : mostSteps;
  return Math.max(1, Math.min(mostSteps, fine));
}
