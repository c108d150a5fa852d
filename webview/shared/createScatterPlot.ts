import type { ScatterPlot, ScatterPlotEvents, ScatterPlotRenderer } from './scatterPlot.js';
import { createScatterCanvas } from './scatterCanvas.js';

/**
 * Number of points up to which plotly draws. Without a GPU, dragging the map costs plotly 0.1 s per frame
 * at this size and 0.3 s at 100,000 points, where our own renderer takes 0.05 s (measured by
 * `test/webview/scatterPlotSpeed.ts`).
 */
export const plotlyLimit = 5_000;

export function chooseRenderer(count: number, webGl: boolean): ScatterPlotRenderer {
  return count <= plotlyLimit && webGl ? 'plotly' : 'canvas';
}

/** Whether WebGL is available; remote desktops and locked-down machines often lack it. */
export function hasWebGl(): boolean {
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('webgl');
  context?.getExtension('WEBGL_lose_context')?.loseContext();
  return context !== null;
}

export async function createScatterPlot(
  container: HTMLElement,
  renderer: ScatterPlotRenderer,
  events: ScatterPlotEvents,
): Promise<ScatterPlot> {
  if (renderer === 'canvas') return createScatterCanvas(container, events);
  reservePlotlyStyles();
  // Plotly is large and has its own script in the build: load it only when it is needed.
  const { createScatterPlotly } = await import('./scatterPlotly.js');
  return createScatterPlotly(container, events);
}

/**
 * Plotly and its map library each add a style element unless an element with its id exists. The
 * panels' CSP would block and report both; the few rules that matter are in `scatterPlot.css`.
 */
function reservePlotlyStyles(): void {
  const ids = [
    'plotly.js-style-global',
    '9f215cf04c5486422605d13261cb87401f4e7763b6296af81e98efbc0130da53',
  ];
  for (const id of ids) {
    if (document.getElementById(id) !== null) continue;
    const placeholder = document.createElement('meta');
    placeholder.id = id;
    placeholder.className = 'no-inline-styles';
    document.head.append(placeholder);
  }
}
