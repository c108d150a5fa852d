import type { ScatterPlot, ScatterPlotEvents, ScatterPlotRenderer } from './scatterPlot.js';
import { createScatterCanvas } from './scatterCanvas.js';

/**
 * Up to this many points plotly draws. Without a GPU a frame takes it 0.1 s from here on while the map
 * is dragged, and 0.3 s at 100 000 points, where our own renderer takes 0.05 s
 * (`test/webview/scatterPlotSpeed.ts` measures both).
 */
export const plotlyLimit = 5_000;

export function chooseRenderer(count: number, webGl: boolean): ScatterPlotRenderer {
  return count <= plotlyLimit && webGl ? 'plotly' : 'canvas';
}

/** Whether WebGL draws here; remote desktops and locked-down machines often have none. */
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
  // Plotly is large, and a script of its own in the build: loaded here, where it draws, and nowhere else.
  const { createScatterPlotly } = await import('./scatterPlotly.js');
  return createScatterPlotly(container, events);
}

/**
 * Plotly and the map library inside it each add a style element unless one with its id is there. The
 * panels' CSP forbids both and would report them; the few rules that matter are in `scatterPlot.css`.
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
