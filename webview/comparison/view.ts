import { html, nothing, type TemplateResult } from 'lit';
import { objectiveEntries } from '../../src/protocol/catalogue/training.js';
import type { ComparedRun } from '../../src/protocol/panels.js';
import { lineChart, type Series } from '../shared/chart.js';
import { formatCount, formatFigure, formatPlural } from '../shared/format.js';
import { legendEntry } from '../shared/legendEntry.js';
import { lossName } from '../shared/losses.js';
import { announcement, loading, remarks } from '../shared/notice.js';
import { range, smoothCurve, union } from '../../src/core/report/drawing/series.js';
import { statusBadge } from '../shared/status.js';
import type { Theme } from '../shared/theme.js';
import {
  type ComparisonState,
  curvesOf,
  type Measure,
  measureOf,
  measuresOf,
  total,
  warningsOf,
} from './state.js';

export interface ComparisonActions {
  readonly point: (step: number | null) => void;
  readonly measure: (measure: Measure) => void;
  readonly part: (part: 'training' | 'heldOut', shown: boolean) => void;
  readonly show: (run: string, shown: boolean) => void;
  readonly open: (run: string) => void;
}

const padding = 20;

export function comparisonView(
  state: ComparisonState,
  theme: Theme,
  actions: ComparisonActions,
): TemplateResult {
  const { runs } = state;
  if (runs.length === 0) return loading('Choose runs in the view Runs, and Compare Runs…');
  return html`<main class="comparison">
    ${announcement(`Comparison of ${formatPlural(runs.length, 'run')}`)}
    <header>
      <h1>Compare runs</h1>
      <div class="controls">${measures(state, actions)} ${parts(state, actions)}</div>
    </header>
    ${remarks(warningsOf(state), 'warning')} ${chart(state, theme, actions)}
    <div class="scroll">${table(state, theme, actions)}</div>
  </main>`;
}

function measures(state: ComparisonState, actions: ComparisonActions) {
  const all = measuresOf(state);
  if (all.length < 2) return nothing;
  const chosen = measureOf(state);
  return html`<fieldset>
    <legend class="visually-hidden">Loss</legend>
    ${all.map(
      (measure) =>
        html`<label>
          <input
            type="radio"
            name="measure"
            .checked=${measure === chosen}
            @change=${() => actions.measure(measure)}
          />${measure === total ? 'weighted total' : lossName(measure)}
        </label>`,
    )}
  </fieldset>`;
}

function parts(state: ComparisonState, actions: ComparisonActions): TemplateResult {
  const box = (part: 'training' | 'heldOut', label: string): TemplateResult =>
    html`<label>
      <input
        type="checkbox"
        .checked=${state.parts[part]}
        @change=${(event: Event) => actions.part(part, (event.target as HTMLInputElement).checked)}
      />${label}
    </label>`;
  return html`<fieldset>
    <legend class="visually-hidden">Curves</legend>
    ${box('training', 'training')} ${box('heldOut', 'held-out')}
  </fieldset>`;
}

function chart(state: ComparisonState, theme: Theme, actions: ComparisonActions): TemplateResult {
  const series = state.runs.flatMap((run, at) =>
    state.hidden.has(run.id) ? [] : seriesOf(state, run, theme.palette[at] ?? theme.foreground),
  );
  const [low, high] = union(...series.map(({ y, kind }) => visibleRange(y, kind))) ?? [0, 1];
  const room = Math.max((high - low) * 0.06, 0.01);
  const steps = union(...series.map(({ x }) => range(x))) ?? [0, 1];
  const muted = theme.muted;
  return html`<section aria-label="Loss">
    <div class="legend">
      <h2>Loss</h2>
      ${state.parts.training ? legendEntry('line', muted, 'training, smoothed') : nothing}
      ${state.parts.heldOut ? legendEntry('dots', muted, 'held-out notes') : nothing}
    </div>
    ${lineChart({
      width: state.width - 2 * padding,
      height: 380,
      series,
      x: [steps[0], Math.max(steps[1], 1)],
      y: [Math.max(0, low - room), high + room],
      xTitle: 'Step',
      label: `Loss of ${formatPlural(state.runs.length - state.hidden.size, 'run')} by step`,
      formatX: formatCount,
      formatY: formatFigure,
      pointer: state.pointer,
      onPointer: actions.point,
      readout: true,
    })}
  </section>`;
}

function seriesOf(state: ComparisonState, { id, name }: ComparedRun, colour: string): Series[] {
  const { training, heldOut } = curvesOf(state.curves.get(id), measureOf(state));
  const found: Series[] = [];
  if (state.parts.training && training.x.length > 0) {
    found.push({ name, colour, kind: 'line', ...smoothCurve(training) });
  }
  if (state.parts.heldOut && heldOut.x.length > 0) {
    found.push({ name: `${name}, held-out`, colour, kind: 'dots', ...heldOut });
  }
  return found;
}

function visibleRange(y: ArrayLike<number>, kind: Series['kind']) {
  return range(y, kind === 'dots' ? [0, 1] : [0.005, 0.995]);
}

/** Serves as the legend, with further details of each run. */
function table(state: ComparisonState, theme: Theme, actions: ComparisonActions): TemplateResult {
  return html`<table>
    <thead>
      <tr>
        <th scope="col">Run</th>
        <th scope="col">Held-out loss</th>
        <th scope="col">Objective</th>
        <th scope="col">Started from</th>
        <th scope="col">Status</th>
        <th scope="col" class="number">Steps</th>
      </tr>
    </thead>
    <tbody>
      ${state.runs.map((run, at) => row(state, run, theme.palette[at] ?? '', actions))}
    </tbody>
  </table>`;
}

function row(
  state: ComparisonState,
  run: ComparedRun,
  colour: string,
  actions: ComparisonActions,
): TemplateResult {
  const curves = state.curves.get(run.id);
  const { heldOut } = curvesOf(curves, measureOf(state));
  const [before, after] = [heldOut.y[0], heldOut.y[heldOut.y.length - 1]];
  const steps = curves?.loss.x.at(-1);
  const change =
    before === undefined || after === undefined
      ? '–'
      : heldOut.y.length < 2
        ? formatFigure(before)
        : `${formatFigure(before)} → ${formatFigure(after)}`;
  return html`<tr>
    <th scope="row">
      <input
        type="checkbox"
        aria-label="Draw ${run.name}"
        .checked=${!state.hidden.has(run.id)}
        @change=${(event: Event) =>
          actions.show(run.id, (event.target as HTMLInputElement).checked)}
      />
      <span class="swatch" .style=${`background: ${colour}`}></span>
      <button class="link-button" title="Show Training" @click=${() => actions.open(run.id)}>
        ${run.name}
      </button>
    </th>
    <td class="figure">${change}</td>
    <td>${objectiveEntries[run.objective].label}</td>
    <td>${run.base}</td>
    <td>${statusBadge(run.status)}</td>
    <td class="number figure">${steps === undefined ? '–' : formatCount(steps)}</td>
  </tr>`;
}
