/** The report's pictures: inline SVG, coloured by the page's variables so that both themes work. */
import { html } from './html.js';
import type { Html } from './html.js';

export interface LossPoint {
  readonly step: number;
  readonly loss: number | null;
  readonly heldOutLoss: number | null;
}

export interface ClusterPoints {
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  /** Index into `categories` a point, -1 for none. */
  readonly category: ArrayLike<number>;
  readonly categories: readonly string[];
  /** Shown when the pointer rests on a point. */
  readonly titles: readonly string[];
}

/** Categories beyond this share the last, grey colour. */
export const colourCount = 12;

const width = 720;
const height = 320;
const margin = { left: 52, right: 16, top: 14, bottom: 40 };

export function lossChart(points: readonly LossPoint[]): Html {
  const training = points.filter((point) => isNumber(point.loss));
  const heldOut = points.filter((point) => isNumber(point.heldOutLoss));
  const values = [...training.map((p) => p.loss), ...heldOut.map((p) => p.heldOutLoss)] as number[];
  if (values.length === 0) return html`<p class="quiet">No step was taken.</p>`;
  const xTicks = niceTicks(0, Math.max(...points.map((point) => point.step), 1), 6, true);
  const yTicks = niceTicks(Math.min(...values), Math.max(...values), 5, false);
  const xLast = xTicks.at(-1) ?? 1;
  const [yFirst, yLast] = [yTicks[0] ?? 0, yTicks.at(-1) ?? 1];
  const x = (step: number): number =>
    margin.left + (step / xLast) * (width - margin.left - margin.right);
  const y = (loss: number): number =>
    margin.top + ((yLast - loss) / (yLast - yFirst)) * (height - margin.top - margin.bottom);
  const raw = training.map((point) => [x(point.step), y(point.loss as number)] as const);
  const smoothLosses = smoothed(training.map((point) => point.loss as number));
  const smooth = training.map((point, i) => [x(point.step), y(smoothLosses[i] as number)] as const);
  const marks = heldOut.map((p) => [x(p.step), y(p.heldOutLoss as number), p] as const);
  return html`<svg
      class="chart"
      viewBox="0 0 ${width} ${height}"
      role="img"
      aria-label="Training loss by step"
    >
      ${yTicks.map(
        (tick) =>
          html`<line
              class="grid"
              x1="${margin.left}"
              x2="${width - margin.right}"
              y1="${round(y(tick))}"
              y2="${round(y(tick))}"
            /><text x="${margin.left - 8}" y="${round(y(tick) + 4)}" text-anchor="end"
              >${label(tick)}</text
            >`,
      )}
      ${xTicks.map(
        (tick) =>
          html`<text x="${round(x(tick))}" y="${height - margin.bottom + 18}" text-anchor="middle"
            >${label(tick)}</text
          >`,
      )}
      <text
        x="${round((margin.left + width - margin.right) / 2)}"
        y="${height - 4}"
        text-anchor="middle"
      >
        step
      </text>
      <path class="raw" d="${path(raw)}" />
      <path class="smooth" d="${path(smooth)}" />
      <path class="held-out-line" d="${path(marks)}" />
      ${marks.map(
        ([cx, cy, point]) =>
          html`<circle class="held-out" cx="${round(cx)}" cy="${round(cy)}" r="4.5"
            ><title>
              step ${point.step}: held-out loss ${(point.heldOutLoss as number).toFixed(3)}
            </title></circle
          >`,
      )}
    </svg>
    <p class="legend">
      <span><i class="swatch raw-swatch"></i>training loss of a step</span
      ><span><i class="swatch smooth-swatch"></i>smoothed</span
      ><span><i class="swatch held-out-swatch"></i>held-out loss</span>
    </p>`;
}

export function clusterChart(points: ClusterPoints, ariaLabel: string): Html {
  const size = 560;
  const inset = 14;
  const xs = Array.from(points.x);
  const ys = Array.from(points.y);
  const [xMin, yMin] = [least(xs), least(ys)];
  // One scale for both axes: distances in the map mean the same in each direction.
  const span = Math.max(greatest(xs) - xMin, greatest(ys) - yMin) || 1;
  const scale = (size - 2 * inset) / span;
  const xShift = (size - 2 * inset - (greatest(xs) - xMin) * scale) / 2;
  const yShift = (size - 2 * inset - (greatest(ys) - yMin) * scale) / 2;
  const radius = xs.length > 2000 ? 2 : xs.length > 500 ? 3 : 4;
  const circles = xs.map((px, i) => {
    const cx = round(inset + xShift + (px - xMin) * scale);
    const cy = round(size - inset - yShift - ((ys[i] as number) - yMin) * scale);
    return html`<circle
      class="${colour(points.category[i] ?? -1)}"
      cx="${cx}"
      cy="${cy}"
      r="${radius}"
      ><title>${points.titles[i] ?? ''}</title></circle
    >`;
  });
  return html`<svg class="map" viewBox="0 0 ${size} ${size}" role="img" aria-label="${ariaLabel}">
    ${circles}
  </svg>`;
}

export function categoryLegend(points: ClusterPoints): Html {
  const counts = points.categories.map(() => 0);
  for (const category of Array.from(points.category)) {
    if (category >= 0) counts[category] = (counts[category] ?? 0) + 1;
  }
  const entries = points.categories
    .map((name, i) => ({ name, i, count: counts[i] ?? 0 }))
    .filter(({ count }) => count > 0);
  return html`<p class="legend">
    ${entries.map(
      ({ name, i, count }) =>
        html`<span><i class="swatch ${colour(i)}"></i>${name} <b>${count}</b></span>`,
    )}
  </p>`;
}

function colour(category: number): string {
  return category >= 0 && category < colourCount ? `c${category}` : 'other';
}

/** Exponential moving average without the bias of its start. */
export function smoothed(values: readonly number[], decay = 0.8): number[] {
  let sum = 0;
  let weight = 0;
  return values.map((value) => {
    sum = decay * sum + (1 - decay) * value;
    weight = decay * weight + (1 - decay);
    return sum / weight;
  });
}

/** Round numbers that enclose [low, high], at most `count` + 2 of them. */
export function niceTicks(low: number, high: number, count: number, integers: boolean): number[] {
  const rough = Math.max((high - low) / count, Math.abs(high) * 1e-6, 1e-9);
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 2.5, 5, 10].find((candidate) => candidate * power >= rough) ?? 10;
  const step = integers ? Math.max(1, Math.ceil(factor * power)) : factor * power;
  const first = Math.floor(low / step);
  const last = Math.max(Math.ceil(high / step), first + 1);
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
}

function path(points: readonly (readonly [number, number, ...unknown[]])[]): string {
  return points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${round(x)} ${round(y)}`).join('');
}

function isNumber(value: number | null): value is number {
  return value !== null && Number.isFinite(value);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function label(value: number): string {
  return Number(value.toPrecision(6)).toLocaleString('en');
}

function least(values: readonly number[]): number {
  return values.reduce((a, b) => Math.min(a, b), Infinity);
}

function greatest(values: readonly number[]): number {
  return values.reduce((a, b) => Math.max(a, b), -Infinity);
}
