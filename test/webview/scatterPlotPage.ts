/** Bundled for the browser by the tests of the two renderers: puts them within reach of the page. */
import { createScatterPlot, hasWebGl } from '../../webview/shared/createScatterPlot.js';
import { categoryStyle, darkPalette } from '../../src/core/report/drawing/palette.js';
import type {
  ScatterPlot,
  PointSet,
  ScatterPlotRenderer,
} from '../../webview/shared/scatterPlot.js';

export interface ScatterPlotPage {
  readonly hasWebGl: boolean;
  plot: ScatterPlot | null;
  /** Points that were opened or hovered, in order. */
  readonly opened: number[];
  readonly hovered: (number | null)[];
  /** Milliseconds until the first picture stood. */
  start(renderer: ScatterPlotRenderer, columns: Columns): Promise<number>;
}

export interface Columns {
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly category: readonly number[];
  readonly hidden: readonly number[];
}

declare global {
  interface Window {
    stage: ScatterPlotPage;
  }
}

const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));

window.stage = {
  hasWebGl: hasWebGl(),
  plot: null,
  opened: [],
  hovered: [],
  async start(renderer, columns) {
    const set: PointSet = {
      x: Float32Array.from(columns.x),
      y: Float32Array.from(columns.y),
      category: Int32Array.from(columns.category),
      style: (category) => categoryStyle(darkPalette, '#999999', false, category),
      isVisible: (point) => !columns.hidden.includes(columns.category[point] ?? -1),
    };
    const container = document.getElementById('app') ?? document.body;
    const from = performance.now();
    this.plot?.dispose();
    this.plot = await createScatterPlot(container, renderer, {
      hover: (point) => this.hovered.push(point),
      open: (point) => this.opened.push(point),
      moved: () => undefined,
    });
    await this.plot.draw(set, true);
    await frame();
    await frame();
    return performance.now() - from;
  },
};
