import { bisectCenter, ticks } from 'd3-array';
import { html, nothing, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import { type Curve, thin } from '../../src/core/report/drawing/series.js';

export interface Series extends Curve {
  readonly name: string;
  readonly colour: string;
  /**
   * `faint`: the noisy values behind a `line`; `dots`: a line through marked points; `points`: the
   * same, not dashed; `readout`: not drawn, only listed in the readout; `band`: the area between `y`
   * and `high`, not listed there.
   */
  readonly kind: 'line' | 'faint' | 'dots' | 'points' | 'readout' | 'band';
  /** Of a band: its upper edge. */
  readonly high?: ArrayLike<number>;
  /** How each value is written in the readout, if not by `formatY`. */
  readonly texts?: readonly string[];
}

export interface Mark {
  readonly x: number;
  readonly name: string;
}

export interface LineChart {
  readonly width: number;
  readonly height: number;
  readonly series: readonly Series[];
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
  readonly xTitle?: string;
  /** Places on the x axis that have a name: only they are marked, and keys move from one to the next. */
  readonly places?: readonly Mark[];
  /** Places on the x axis at which something named begins; those outside the axis are left out. */
  readonly marks?: readonly Mark[];
  /** Description for screen readers. */
  readonly label: string;
  readonly formatX: (value: number) => string;
  readonly formatY: (value: number) => string;
  /** Value of x at the pointer, or `null`. */
  readonly pointer: number | null;
  readonly onPointer: (x: number | null) => void;
  /** Whether to show the values at the pointer in a box; if not, the caller shows them. */
  readonly readout: boolean;
}

const margin = { left: 46, right: 14, top: 10, bottom: 22 };

/** Line chart with a common x axis and a readout of all values at the pointer. */
export function lineChart(chart: LineChart): TemplateResult {
  const plot = {
    width: Math.max(10, chart.width - margin.left - margin.right),
    height: Math.max(
      10,
      chart.height - margin.top - margin.bottom - (chart.xTitle === undefined ? 0 : 14),
    ),
  };
  const [x0, x1] = chart.x;
  const [y0, y1] = chart.y;
  const scaleX = (value: number): number => ((value - x0) / (x1 - x0 || 1)) * plot.width;
  const scaleY = (value: number): number => (1 - (value - y0) / (y1 - y0 || 1)) * plot.height;
  const move = (event: PointerEvent): void => {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    const at = (event.clientX - box.left - margin.left) / plot.width;
    chart.onPointer(at < -0.02 || at > 1.02 ? null : x0 + Math.min(1, Math.max(0, at)) * (x1 - x0));
  };
  return html`<div
    class="chart"
    tabindex=${chart.places === undefined ? nothing : 0}
    aria-label=${chart.places === undefined ? nothing : `${chart.label}. Arrow keys read its values.`}
    role=${chart.places === undefined ? nothing : 'group'}
    @keydown=${(event: KeyboardEvent) => readByKey(event, chart)}
    @pointermove=${move}
    @pointerleave=${() => chart.onPointer(null)}
  >
    <svg role="img" aria-label=${chart.label} width=${chart.width} height=${chart.height}>
      <g transform="translate(${margin.left} ${margin.top})">
        ${ticks(y0, y1, Math.max(2, plot.height / 44)).map(
          (value) =>
            svg`<line class="grid" x2=${plot.width} y1=${scaleY(value)} y2=${scaleY(value)} />
              <text class="tick" x="-8" y=${scaleY(value) + 4} text-anchor="end">
                ${chart.formatY(value)}
              </text>`,
        )}
        ${placesOf(chart, plot.width).map(
          ({ x, name }) =>
            svg`<text class="tick" x=${scaleX(x)} y=${plot.height + 16} text-anchor="middle">
                ${name}
              </text>`,
        )}
        <line class="axis" x2=${plot.width} y1=${plot.height} y2=${plot.height} />
        ${
          chart.xTitle === undefined
            ? nothing
            : svg`<text class="tick" x=${plot.width / 2} y=${plot.height + 31}
                text-anchor="middle">${chart.xTitle}</text>`
        }
        ${drawMarks(chart, plot.height, scaleX)}
        <svg class="plot" width=${plot.width} height=${plot.height}>
          ${chart.series.map((series) => drawSeries(series, plot.width, scaleX, scaleY))}
        </svg>
        ${chart.series.map((series) => drawDots(series, chart, scaleX, scaleY))}
        ${drawPointer(chart, plot.height, scaleX, scaleY)}
      </g>
    </svg>
    ${chart.readout ? readout(chart, plot.width, scaleX) : nothing}
  </div>`;
}

type Scale = (value: number) => number;

function placesOf({ places, x: [first, last], formatX }: LineChart, width: number): Mark[] {
  if (places !== undefined) return [...places];
  const round = ticks(first, last, Math.max(2, width / 90));
  return round.map((x) => ({ x, name: formatX(x) }));
}

function readByKey(event: KeyboardEvent, { places = [], pointer, onPointer }: LineChart): void {
  if (places.length === 0) return;
  const at = pointer === null ? -1 : places.findIndex(({ x }) => Math.abs(x - pointer) <= 0.5);
  const last = places.length - 1;
  const target = {
    ArrowRight: Math.min(last, at + 1),
    ArrowLeft: at < 0 ? last : Math.max(0, at - 1),
    Home: 0,
    End: last,
  }[event.key];
  if (event.key === 'Escape' && pointer !== null) onPointer(null);
  else if (target !== undefined) onPointer(places[target]?.x ?? null);
  else return;
  event.preventDefault();
}

function drawSeries(
  series: Series,
  width: number,
  scaleX: Scale,
  scaleY: Scale,
): SVGTemplateResult {
  if (series.kind === 'readout') return svg``;
  if (series.kind === 'band') return drawBand(series, scaleX, scaleY);
  const curve = thin(series, Math.max(50, Math.round(width)));
  let path = '';
  let pen = 'M';
  for (let i = 0; i < curve.x.length; i++) {
    const [x, y] = [curve.x[i] ?? NaN, curve.y[i] ?? NaN];
    // Leave a gap where there is no finite value.
    if (!Number.isFinite(y)) {
      pen = 'M';
      continue;
    }
    path += `${pen}${scaleX(x).toFixed(1)} ${scaleY(y).toFixed(1)}`;
    pen = 'L';
  }
  const dense = series.x.length > width ? 'dense' : '';
  return svg`<path class="series ${series.kind} ${dense}" d=${path} stroke=${series.colour} />`;
}

function drawBand(
  { x, y, high = y, colour }: Series,
  scaleX: Scale,
  scaleY: Scale,
): SVGTemplateResult {
  const edge = (of: ArrayLike<number>): string[] =>
    Array.from(x, (value, i) => `${scaleX(value).toFixed(1)} ${scaleY(of[i] ?? NaN).toFixed(1)}`);
  const outline = [...edge(y), ...edge(high).reverse()];
  return svg`<path class="band" d=${`M${outline.join('L')}Z`} fill=${colour} />`;
}

function drawMarks({ marks = [], x: [first, last] }: LineChart, height: number, scaleX: Scale) {
  return marks
    .filter(({ x }) => x >= first && x < last)
    .map(({ x, name }) => {
      const at = scaleX(x);
      return svg`<g class="mark">
        <line x1=${at} x2=${at} y2=${height} />
        <text class="tick" x=${at + 5} y="10">${name}</text>
      </g>`;
    });
}

function drawDots(series: Series, chart: LineChart, scaleX: Scale, scaleY: Scale) {
  if (series.kind !== 'dots' && series.kind !== 'points') return nothing;
  return Array.from(series.x, (x, i) => {
    const y = series.y[i] ?? NaN;
    if (!Number.isFinite(y) || y < chart.y[0] || y > chart.y[1]) return nothing;
    return svg`<circle class="dot" cx=${scaleX(x)} cy=${scaleY(y)} r="4" fill=${series.colour} />`;
  });
}

function drawPointer(chart: LineChart, height: number, scaleX: Scale, scaleY: Scale) {
  const { pointer } = chart;
  if (pointer === null) return nothing;
  return svg`<line class="crosshair" x1=${scaleX(pointer)} x2=${scaleX(pointer)} y2=${height} />
    ${valuesAt(chart, pointer).map(({ series, x, y }) =>
      series.kind === 'readout'
        ? nothing
        : svg`<circle class="dot" cx=${scaleX(x)} cy=${Math.max(0, Math.min(height, scaleY(y)))}
          r="4" fill=${series.colour} />`,
    )}`;
}

function readout(chart: LineChart, width: number, scaleX: Scale) {
  const { pointer } = chart;
  if (pointer === null) return nothing;
  const values = valuesAt(chart, pointer);
  const right = scaleX(pointer) > width / 2;
  const at = right
    ? `right: ${chart.width - margin.left - scaleX(pointer) + 12}px`
    : `left: ${margin.left + scaleX(pointer) + 12}px`;
  return html`<div
    class="readout"
    role=${chart.places === undefined ? nothing : 'status'}
    .style=${at}
  >
    <div class="readout-title">${chart.xTitle ?? ''} ${chart.formatX(Math.round(pointer))}</div>
    ${values.map(
      ({ series, text }) =>
        html`<div class="readout-row">
          <span class="swatch" .style=${`background: ${series.colour}`}></span>
          <span>${series.name}</span><span class="figure">${text}</span>
        </div>`,
    )}
  </div>`;
}

function valuesAt(chart: LineChart, pointer: number) {
  return chart.series.flatMap((series) => {
    if (series.x.length === 0 || series.kind === 'band') return [];
    const index = bisectCenter(series.x, pointer);
    const [x, y] = [series.x[index] ?? NaN, series.y[index] ?? NaN];
    const text = series.texts?.[index] ?? chart.formatY(y);
    return Number.isFinite(y) ? [{ series, x, y, text }] : [];
  });
}
