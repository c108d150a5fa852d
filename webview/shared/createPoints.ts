import type { Points, PointsEvents, PointsRenderer } from './points.js';
import { createCanvasPoints } from './pointsCanvas.js';

/**
 * Up to this many points plotly draws. Beyond it our own renderer is quicker to the first picture and
 * while panning (`test/webview/pointsSpeed.mjs` measures both).
 */
export const plotlyLimit = 20_000;

export function chooseRenderer(count: number, webGl: boolean): PointsRenderer {
  return count <= plotlyLimit && webGl ? 'plotly' : 'canvas';
}

/** Whether WebGL draws here; remote desktops and locked-down machines often have none. */
export function hasWebGl(): boolean {
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('webgl');
  context?.getExtension('WEBGL_lose_context')?.loseContext();
  return context !== null;
}

export async function createPoints(
  container: HTMLElement,
  renderer: PointsRenderer,
  events: PointsEvents,
): Promise<Points> {
  if (renderer === 'canvas') return createCanvasPoints(container, events);
  // Plotly is large: load it only when it draws.
  const { createPlotlyPoints } = await import('./pointsPlotly.js');
  return createPlotlyPoints(container, events);
}
