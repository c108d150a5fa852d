import { bisectCenter } from 'd3-array';
import { html, nothing, type TemplateResult } from 'lit';
import { lineChart, type Mark, type Series } from '../shared/chart.js';
import { formatBytes, formatCount, formatFigure, formatPlural } from '../shared/format.js';
import { legendEntry } from '../shared/legendEntry.js';
import { lossColour, lossName, sortedLosses } from '../shared/losses.js';
import { type Curve, range, smoothCurve, union } from '../../src/core/report/drawing/series.js';
import type { Theme } from '../shared/theme.js';
import type { TrainingActions, TrainingState } from './state.js';

const padding = 20;

export function lossChart(
  state: TrainingState,
  theme: Theme,
  actions: TrainingActions,
): TemplateResult {
  const { loss, heldOut } = state.curves;
  const { series, last } = lossSeries(state, theme);
  const drawn = series.filter(({ kind }) => kind !== 'readout');
  const lines = drawn.filter(({ kind }) => kind !== 'faint').map(({ y }) => range(y));
  const [low, high] = union(range(loss.y, [0.01, 0.99]), ...lines) ?? [0, 1];
  const room = Math.max((high - low) * 0.06, 0.01);
  return html`<section class="loss" aria-label="Loss">
    <div class="legend">
      <h2>Loss</h2>
      ${legendOrder(drawn).map(({ kind, colour, name }) =>
        legendEntry(kind, colour, name.charAt(0).toLowerCase() + name.slice(1)),
      )}
    </div>
    ${lineChart({
      width: state.width - 2 * padding,
      height: 320,
      series,
      x: xRange(state),
      y: [Math.max(0, low - room), high + room],
      xTitle: 'Step',
      marks: stageMarks(state),
      label:
        last === undefined
          ? 'Held-out loss'
          : `Training loss over ${formatPlural(loss.x.length, 'step')}, now ${formatFigure(last)}` +
            (heldOut.x.length === 0
              ? ''
              : `; held-out loss ${formatFigure(heldOut.y.at(-1) ?? 0)}`),
      formatX: formatCount,
      formatY: formatFigure,
      pointer: state.pointer,
      onPointer: actions.point,
      readout: true,
    })}
  </section>`;
}

/** Where each stage begins, if there are several. */
function stageMarks({ run }: TrainingState): Mark[] {
  const stages = run?.plan?.stages ?? [];
  if (stages.length < 2) return [];
  let x = 0;
  return stages.map(({ label, steps }) => {
    const mark = { x, name: label };
    x += steps;
    return mark;
  });
}

/** The total comes first in the legend, although it is drawn on top of the others. */
function legendOrder(drawn: readonly Series[]): readonly Series[] {
  const total = drawn.findLast(({ kind }) => kind === 'line');
  return total === undefined ? drawn : [total, ...drawn.filter((series) => series !== total)];
}

/** The total with its per-step values, its parts if there are several, and the held-out loss. */
function lossSeries(
  { curves }: TrainingState,
  theme: Theme,
): { series: Series[]; last: number | undefined } {
  const { loss, heldOut, losses, heldOutLosses } = curves;
  const [colour, heldOutColour] = [theme.palette[0] ?? '', theme.palette[1] ?? ''];
  const smoothed = smoothCurve(loss);
  const names = sortedLosses(Object.keys(losses));
  const several = names.length > 1;
  const parts = (of: Readonly<Record<string, Curve>>): [string, Curve][] =>
    several ? names.flatMap((name) => (of[name] === undefined ? [] : [[name, of[name]]])) : [];
  const series: Series[] = [
    { name: 'Each step', colour, kind: 'faint', ...loss },
    ...parts(losses).map(([name, curve]): Series => ({
      name: capital(lossName(name)),
      colour: lossColour(theme.palette, name),
      kind: 'line',
      ...smoothCurve(curve),
    })),
    { name: several ? 'Weighted total' : 'Smoothed', colour, kind: 'line', ...smoothed },
  ];
  if (heldOut.x.length > 0) {
    series.push({ name: 'Held-out notes', colour: heldOutColour, kind: 'dots', ...heldOut });
    for (const [name, curve] of parts(heldOutLosses)) {
      const colour = lossColour(theme.palette, name);
      series.push({ name: `Held-out, ${lossName(name)}`, colour, kind: 'readout', ...curve });
    }
  }
  return { series, last: smoothed.y.at(-1) };
}

interface Small {
  readonly name: string;
  /** Index in the palette. */
  readonly colour: number;
  readonly curve: Curve;
  readonly format: (value: number) => string;
}

/** Learning rate, speed and memory, below the loss and with the same x axis. */
export function smallCharts(
  state: TrainingState,
  theme: Theme,
  actions: TrainingActions,
): TemplateResult {
  const { learningRate, speed, memory } = state.curves;
  const charts: Small[] = [
    { name: 'Learning rate', colour: 2, curve: learningRate, format: formatFigure },
    { name: 'Tokens a second', colour: 3, curve: smoothCurve(speed), format: formatFigure },
    { name: 'Memory', colour: 4, curve: memory, format: formatBytes },
  ].filter(({ curve }) => curve.x.length > 0);
  const columns = state.width > 900 ? 3 : state.width > 640 ? 2 : 1;
  const width = (state.width - (columns + 1) * padding) / columns;
  return html`<div class="small" .style=${`grid-template-columns: repeat(${columns}, 1fr)`}>
    ${charts.map((small) => smallChart(small, width, state, theme, actions))}
  </div>`;
}

function smallChart(
  { name, colour, curve, format }: Small,
  width: number,
  state: TrainingState,
  theme: Theme,
  actions: TrainingActions,
): TemplateResult {
  const [, highest] = range(curve.y) ?? [0, 1];
  const { pointer } = state;
  const at = curve.y[pointer === null ? curve.x.length - 1 : bisectCenter(curve.x, pointer)];
  return html`<section aria-label=${name}>
    <div class="small-head">
      <h2>${name}</h2>
      ${at === undefined ? nothing : html`<span class="figure">${format(at)}</span>`}
    </div>
    ${lineChart({
      width,
      height: 120,
      series: [{ name, colour: theme.palette[colour] ?? '', kind: 'line', ...curve }],
      x: xRange(state),
      y: [0, highest * 1.08 || 1],
      label: `${name} by step`,
      formatX: formatCount,
      formatY: format,
      pointer,
      onPointer: actions.point,
      readout: false,
    })}
  </section>`;
}

function xRange(state: TrainingState): [number, number] {
  const { loss, heldOut } = state.curves;
  const last = Math.max(loss.x.at(-1) ?? 0, heldOut.x.at(-1) ?? 0, 1);
  const first = Math.min(loss.x[0] ?? 0, heldOut.x[0] ?? 0);
  return [first, last];
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
