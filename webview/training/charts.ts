import { html, nothing, type TemplateResult } from 'lit';
import { lineChart, type Series } from '../shared/chart.js';
import { formatCount, formatFigure, formatPlural } from '../shared/format.js';
import { nearestIndex, range, smooth, union } from '../shared/series.js';
import type { Theme } from '../shared/theme.js';
import type { TrainingActions, TrainingState } from './view.js';

const padding = 20;

export function lossChart(
  state: TrainingState,
  theme: Theme,
  actions: TrainingActions,
): TemplateResult {
  const { loss, heldOut } = state.curves;
  const smoothed = smooth(loss.y, smoothingRadius(loss.y.length));
  const [colour, heldOutColour] = [theme.palette[0] ?? '', theme.palette[1] ?? ''];
  const series: Series[] = [
    { name: 'Each step', colour, kind: 'faint', ...loss },
    { name: 'Smoothed', colour, kind: 'line', x: loss.x, y: smoothed },
    { name: 'Held-out loss', colour: heldOutColour, kind: 'dots', ...heldOut },
  ];
  const [low, high] = union(range(loss.y, [0.01, 0.99]), range(smoothed), range(heldOut.y)) ?? [
    0, 1,
  ];
  const room = Math.max((high - low) * 0.06, 0.01);
  const last = smoothed.at(-1);
  return html`<section class="loss" aria-label="Loss">
    <div class="legend">
      <h2>Loss</h2>
      ${legendEntry('faint', colour, 'each step')} ${legendEntry('line', colour, 'smoothed')}
      ${heldOut.x.length === 0 ? nothing : legendEntry('dots', heldOutColour, 'held-out notes')}
    </div>
    ${lineChart({
      width: state.width - 2 * padding,
      height: 320,
      series,
      x: xRange(state),
      y: [Math.max(0, low - room), high + room],
      xTitle: 'Step',
      label:
        last === undefined
          ? 'Held-out loss'
          : `Training loss over ${formatPlural(loss.x.length, 'step')}, now ${formatFigure(last)}`,
      formatX: formatCount,
      formatY: formatFigure,
      pointer: state.pointer,
      onPointer: actions.point,
      readout: true,
    })}
  </section>`;
}

/** Learning rate and speed, beneath the loss and on the same axis of steps. */
export function smallCharts(
  state: TrainingState,
  theme: Theme,
  actions: TrainingActions,
): TemplateResult {
  const { learningRate, speed } = state.curves;
  const wide = state.width > 640;
  const width = wide ? (state.width - 3 * padding) / 2 : state.width - 2 * padding;
  const small = (name: string, index: number, curve: { x: number[]; y: number[] }) => {
    const found = range(curve.y, [0, 1]);
    if (found === null) return nothing;
    const at =
      curve.y[state.pointer === null ? curve.y.length - 1 : nearestIndex(curve.x, state.pointer)];
    return html`<section aria-label=${name}>
      <div class="small-head">
        <h2>${name}</h2>
        ${at === undefined ? nothing : html`<span class="figure">${formatFigure(at)}</span>`}
      </div>
      ${lineChart({
        width,
        height: 120,
        series: [{ name, colour: theme.palette[index] ?? '', kind: 'line', ...curve }],
        x: xRange(state),
        y: [0, found[1] * 1.08 || 1],
        label: `${name} by step`,
        formatX: formatCount,
        formatY: formatFigure,
        pointer: state.pointer,
        onPointer: actions.point,
        readout: false,
      })}
    </section>`;
  };
  return html`<div class="small ${wide ? 'wide' : ''}">
    ${small('Learning rate', 2, learningRate)}
    ${small('Tokens a second', 3, {
      x: speed.x,
      y: [...smooth(speed.y, smoothingRadius(speed.y.length))],
    })}
  </div>`;
}

const smoothingRadius = (steps: number): number => Math.max(3, Math.round(steps / 25));

function xRange(state: TrainingState): [number, number] {
  const { loss, heldOut } = state.curves;
  const last = Math.max(loss.x.at(-1) ?? 0, heldOut.x.at(-1) ?? 0, 1);
  const first = Math.min(loss.x[0] ?? 0, heldOut.x[0] ?? 0);
  return [first, last];
}

function legendEntry(kind: Series['kind'], colour: string, name: string): TemplateResult {
  return html`<span class="entry">
    <svg width="22" height="10" aria-hidden="true">
      <line class="series ${kind}" x1="1" x2="21" y1="5" y2="5" stroke=${colour}></line>
      ${kind === 'dots' ? dot(colour) : nothing}
    </svg>
    ${name}
  </span>`;
}

function dot(colour: string): TemplateResult {
  return html`<svg x="7" y="1" width="8" height="8">
    <circle cx="4" cy="4" r="4" fill=${colour} />
  </svg>`;
}
