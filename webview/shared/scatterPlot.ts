import type { CategoryStyle } from '../../src/core/report/drawing/palette.js';
import type { Pixel } from './viewport.js';

/** What a scatter plot draws: points in the plane, each of a category. */
export interface PointSet {
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** Category of each point, [count]; negative for none. */
  readonly category: Int32Array;
  readonly style: (category: number) => CategoryStyle;
  readonly isVisible: (category: number) => boolean;
}

export interface ScatterPlotEvents {
  /** The pointer rests on a point, or on none. */
  hover(point: number | null): void;
  open(point: number): void;
  /** Another part of the plane is in view. */
  moved(): void;
}

/** Draws points. Two do so alike: plotly, and our own renderer on a canvas. */
export interface ScatterPlot {
  readonly renderer: ScatterPlotRenderer;
  /** Draws another set, or the same one in other colours; `fit` brings all of it into view. */
  draw(set: PointSet, fit: boolean): Promise<void>;
  /** Where a point is, in pixels from the container's corner. */
  locate(point: number): Pixel;
  zoom(factor: number): void;
  pan(dx: number, dy: number): void;
  fit(): void;
  reveal(point: number): void;
  /** The container has another size. */
  resize(): void;
  dispose(): void;
}

export type ScatterPlotRenderer = 'plotly' | 'canvas';

/** Diameter in pixels: many points are small, so that they do not cover each other. */
export function pointSize(count: number): number {
  return Math.min(10, Math.max(3, 13 - 2.2 * Math.log10(Math.max(count, 1))));
}

export function pointOpacity(count: number): number {
  return count > 5000 ? 0.7 : 0.85;
}
