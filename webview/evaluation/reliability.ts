/** Whether a model's confidence can be believed: how often it is right, by how sure it is. */
import { html, nothing, type TemplateResult } from 'lit';
import { lineChart, type Series } from '../shared/chart.js';
import { legendEntry } from '../shared/legendEntry.js';
import type { Theme } from '../shared/theme.js';
import type { EvaluationActions } from './actions.js';
import { modelsOf, settingsOf, type EvaluationState, type Report, type Setting } from './state.js';

const padding = 20;

export function reliabilityChart(
  state: EvaluationState,
  report: Report,
  theme: Theme,
  actions: EvaluationActions,
): TemplateResult | typeof nothing {
  const names = modelsOf(report);
  const shown = settingsOf(state, report).filter(
    ({ isMain, reliability, model }) =>
      isMain && reliability !== null && reliability.length > 0 && !state.hidden.has(model),
  );
  if (shown.length === 0) return nothing;
  const series = shown.map((setting) =>
    seriesOf(setting, theme.palette[names.indexOf(setting.model) % theme.palette.length] ?? ''),
  );
  const diagonal: Series = {
    name: 'as right as it is sure',
    colour: theme.muted,
    kind: 'line',
    x: [0, 100],
    y: [0, 100],
  };
  return html`<section aria-label="Reliability">
    <div class="section-head"><h2>Whether its confidence can be believed</h2></div>
    <p class="muted intro">
      How often predictions are right, by how sure the model is of them, with all labels. Below the
      grey line it is surer than it should be.
    </p>
    <div class="legend">
      ${[diagonal, ...series].map(({ kind, colour, name }) => legendEntry(kind, colour, name))}
    </div>
    ${lineChart({
      width: Math.min(640, state.width - 2 * padding),
      height: 340,
      series: [diagonal, ...series],
      x: [0, 102],
      y: [0, 102],
      xTitle: 'How sure, %',
      places: [10, 30, 50, 70, 90].map((x) => ({ x, name: String(x) })),
      label: `How often ${shown.map(({ model }) => model).join(', ')} are right, by how sure they are`,
      formatX: (value) => String(Math.round(value)),
      formatY: (value) => value.toFixed(0),
      pointer: state.confidencePointer,
      onPointer: (confidencePointer) => actions.change({ confidencePointer }),
      readout: true,
    })}
  </section>`;
}

function seriesOf({ model, isBaseline, reliability }: Setting, colour: string): Series {
  const bins = reliability ?? [];
  return {
    name: model,
    colour,
    kind: isBaseline ? 'dots' : 'points',
    x: bins.map(({ confidence }) => 100 * confidence),
    y: bins.map(({ right }) => 100 * right),
    texts: bins.map(
      ({ confidence, right, count }) =>
        `${(100 * confidence).toFixed(0)} % sure, ${(100 * right).toFixed(0)} % right (${count})`,
    ),
  };
}
