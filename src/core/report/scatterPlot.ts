/** Documents as points in the plane, coloured by category. */
import { range } from './drawing/series.js';
import { html } from './html.js';
import type { Html } from './html.js';
import { legend } from './legend.js';
import { categoryMark } from './mark.js';

export interface ScatterPlot {
  readonly title: string;
  /** Describes the picture in a sentence, for screen readers. */
  readonly description: string;
  readonly points: ScatterPoints;
}

export interface ScatterPoints {
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  /** Index into `categories` for each point, -1 for none. */
  readonly category: ArrayLike<number>;
  readonly categories: readonly string[];
  /** Shown when hovering over a point. */
  readonly titles: readonly string[];
}

const side = 560;
const inset = 14;

export function scatterPlot({ title, description, points }: ScatterPlot): Html {
  const { category, titles } = points;
  const [left, right] = range(points.x) ?? [0, 0];
  const [bottom, top] = range(points.y) ?? [0, 0];
  // One scale for both axes, so that distances are comparable in all directions.
  const span = Math.max(right - left, top - bottom) || 1;
  const place = (value: number): number =>
    Math.round(10 * ((side - 2 * inset) / span) * value) / 10;
  const size = points.x.length > 2000 ? 4 : points.x.length > 500 ? 6 : 8;
  return html`<svg class="scatter" viewBox="0 0 ${side} ${side}" role="img">
    <title>${title}</title>
    <desc>${description}</desc>
    <g transform="translate(${side / 2} ${side / 2})">
      ${Array.from(points.x, (x, i) => {
        const at = {
          x: place(x - (left + right) / 2),
          y: -place((points.y[i] ?? NaN) - (bottom + top) / 2),
          size,
        };
        return categoryMark(category[i] ?? -1, at, titles[i] ?? '');
      })}
    </g>
  </svg>`;
}

/** Categories with points, with their counts; those without a category last. */
export function categoryLegend({ category, categories }: ScatterPoints): Html {
  const counts = new Map<number, number>();
  for (const index of Array.from(category)) counts.set(index, (counts.get(index) ?? 0) + 1);
  const names = [...categories.entries(), [-1, 'No category'] as const];
  return legend(
    names.flatMap(([index, name]) => {
      const count = counts.get(index);
      return count === undefined ? [] : [{ kind: 'category', colour: index, name, count }];
    }),
  );
}
