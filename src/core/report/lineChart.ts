/** A line chart as inline SVG, coloured by the page's CSS variables so that both themes work. */
import { nice, ticks } from 'd3-array';
import { range, thin, union } from './drawing/series.js';
import type { Curve } from './drawing/series.js';
import { html } from './html.js';
import type { Html } from './html.js';
import { legend } from './legend.js';
import { colourClass } from './style.js';

export interface LineChart {
  readonly title: string;
  /** Describes the picture in a sentence, for screen readers. */
  readonly description: string;
  readonly xTitle: string;
  /** Places on the x axis that have a name; round numbers if absent. */
  readonly xNames?: readonly { readonly at: number; readonly name: string }[];
  readonly series: readonly Series[];
}

export type Series = Line | Band;

export interface Line extends Curve {
  readonly name: string;
  /** Index into the palette. */
  readonly colour: number;
  /** `faint`: the noisy values behind a `line`; `dots`: a dashed line through marked points. */
  readonly kind: 'line' | 'faint' | 'dots';
}

/** The area between two curves: an interval around a line. */
export interface Band {
  readonly name: string;
  readonly colour: number;
  readonly kind: 'band';
  readonly x: ArrayLike<number>;
  readonly low: ArrayLike<number>;
  readonly high: ArrayLike<number>;
}

const width = 720;
const height = 320;
const margin = { left: 52, right: 16, top: 14, bottom: 40 };
/** Maximum number of parts to which a long curve is thinned; each is under a pixel wide. */
const stretches = 1000;

type Scale = (value: number) => number;

export function lineChart({ title, description, xTitle, xNames, series }: LineChart): Html {
  const xAxis = axis(union(...series.map(({ x }) => range(x))), 6, series.every(hasWholeX));
  const yAxis = axis(union(...series.flatMap(yRanges)), 5, false);
  const x = scale(xAxis, margin.left, width - margin.right);
  const y = scale(yAxis, height - margin.bottom, margin.top);
  return html`<svg class="chart" viewBox="0 0 ${width} ${height}" role="img">
      <title>${title}</title>
      <desc>${description}</desc>
      ${yAxis.ticks.map(
        (tick) =>
          html`<line
              class="grid"
              x1="${margin.left}"
              x2="${width - margin.right}"
              y1="${y(tick)}"
              y2="${y(tick)}"
            /><text x="${margin.left - 8}" y="${y(tick) + 4}" text-anchor="end"
              >${label(tick)}</text
            >`,
      )}
      ${(xNames ?? xAxis.ticks.map((at) => ({ at, name: label(at) }))).map(
        ({ at, name }) =>
          html`<text x="${x(at)}" y="${height - margin.bottom + 18}" text-anchor="middle"
            >${name}</text
          >`,
      )}
      <text x="${(margin.left + width - margin.right) / 2}" y="${height - 4}" text-anchor="middle">
        ${xTitle}
      </text>
      ${series.map((drawn) => (drawn.kind === 'band' ? band(drawn, x, y) : line(drawn, xTitle, x, y)))}
    </svg>
    ${legend(series.map(({ kind, colour, name }) => ({ kind, colour, name })))}`;
}

function line({ name, kind, colour, ...curve }: Line, xTitle: string, x: Scale, y: Scale): Html {
  const path = html`<path
    class="${kind} ${colourClass(colour)}"
    d="${outline(thin(curve, stretches), x, y)}"
  />`;
  if (kind !== 'dots') return path;
  const dots = Array.from(curve.x, (at, i) => ({ at, value: curve.y[i] ?? NaN })).filter(
    ({ value }) => Number.isFinite(value),
  );
  return html`${path}${dots.map(
    ({ at, value }) =>
      html`<circle class="dot ${colourClass(colour)}" cx="${x(at)}" cy="${y(value)}" r="4.5"
        ><title>${xTitle} ${label(at)}: ${name} ${value.toFixed(3)}</title></circle
      >`,
  )}`;
}

function band({ colour, x: at, low, high }: Band, x: Scale, y: Scale): Html {
  const points = Array.from(
    at,
    (value, i) => [value, low[i] ?? NaN, high[i] ?? NaN] as const,
  ).filter((point) => point.every(Number.isFinite));
  const corners = [
    ...points.map(([value, , top]) => `${x(value)} ${y(top)}`),
    ...points.toReversed().map(([value, bottom]) => `${x(value)} ${y(bottom)}`),
  ];
  const outline = corners.length === 0 ? '' : `M${corners.join('L')}Z`;
  return html`<path class="band ${colourClass(colour)}" d="${outline}" />`;
}

/** Leaves a gap where a value is not finite. */
function outline(curve: Curve, x: Scale, y: Scale): string {
  let path = '';
  let pen = 'M';
  for (let i = 0; i < curve.x.length; i++) {
    const value = curve.y[i] ?? NaN;
    if (Number.isFinite(value)) path += `${pen}${x(curve.x[i] ?? NaN)} ${y(value)}`;
    pen = Number.isFinite(value) ? 'L' : 'M';
  }
  return path;
}

interface Axis {
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly number[];
}

/** Round numbers that enclose the values; never an empty range, even if all values are equal. */
function axis(values: readonly [number, number] | null, count: number, isWhole: boolean): Axis {
  const [low, high] = values ?? [0, 1];
  const [from, to] = low === high ? nice(low - 0.5, high + 0.5, count) : nice(low, high, count);
  const found = ticks(from, to, count);
  return { from, to, ticks: isWhole ? found.filter(Number.isInteger) : found };
}

/** Rounds to a tenth of a pixel, to keep the page small. */
function scale({ from, to }: Axis, first: number, last: number): Scale {
  return (value) => Math.round(10 * (first + ((value - from) / (to - from)) * (last - first))) / 10;
}

function hasWholeX({ x }: Series): boolean {
  return Array.from(x).every(Number.isInteger);
}

function yRanges(series: Series) {
  return series.kind === 'band' ? [range(series.low), range(series.high)] : [range(series.y)];
}

function label(value: number): string {
  return Number(value.toPrecision(6)).toLocaleString('en');
}
