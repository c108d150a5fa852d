import type { CategoryStyle } from '../../src/core/report/drawing/palette.js';
import type { Pixel, Viewport } from './viewport.js';

/** How the points of one category are drawn. */
export interface PointStyle extends CategoryStyle {
  /** They step back behind the others. */
  readonly isDim?: boolean;
}

/** The data of a scatter plot: points in the plane, each with a category. */
export interface PointSet {
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** Category of each point, [count]; negative for none. */
  readonly category: Int32Array;
  readonly style: (category: number) => PointStyle;
  readonly isVisible: (point: number) => boolean;
}

export interface ScatterPlotEvents {
  /** The point under the pointer, or `null`. */
  hover(point: number | null): void;
  open(point: number): void;
  /** The visible part of the plane has changed. */
  moved(): void;
}

/** A renderer. There are two: plotly, and our own on a canvas. */
export interface ScatterPlot {
  readonly renderer: ScatterPlotRenderer;
  /** Draws a set of points, or the same set in new colours; `fit` brings all of it into view. */
  draw(set: PointSet, fit: boolean): Promise<void>;
  /** Position of a point in pixels, relative to the container. */
  locate(point: number): Pixel;
  /** What is in view, of the plane. */
  view(): Viewport;
  zoom(factor: number): void;
  pan(dx: number, dy: number): void;
  fit(): void;
  reveal(point: number): void;
  /** To be called when the container's size has changed. */
  resize(): void;
  dispose(): void;
}

export type ScatterPlotRenderer = 'plotly' | 'canvas';

/** Diameter in pixels: smaller the more points there are, so that they overlap less. */
export function pointSize(count: number): number {
  return Math.min(10, Math.max(3, 13 - 2.2 * Math.log10(Math.max(count, 1))));
}

export function pointOpacity(count: number, { isDim = false }: PointStyle): number {
  if (isDim) return 0.22;
  return count > 5000 ? 0.7 : 0.85;
}
