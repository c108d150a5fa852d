import { nearestPoint } from './nearest.js';
import { paintPoints } from './paintPoints.js';
import {
  type ScatterPlot,
  type ScatterPlotEvents,
  type PointSet,
  pointSize,
} from './scatterPlot.js';
import {
  fitViewport,
  panViewport,
  revealViewport,
  toPixel,
  toPlace,
  type Viewport,
  zoomViewport,
} from './viewport.js';

/** Distance in pixels within which the pointer hits a point. */
const reach = 6;

export function createScatterCanvas(
  container: HTMLElement,
  events: ScatterPlotEvents,
): ScatterPlot {
  const canvas = document.createElement('canvas');
  canvas.className = 'scatter-canvas';
  container.replaceChildren(canvas);
  let set: PointSet | null = null;
  let view = fitViewport(new Float32Array(0), new Float32Array(0), 1, 1);
  let frame = 0;

  function look(next: Viewport): void {
    view = next;
    if (frame === 0) frame = requestAnimationFrame(paint);
    events.moved();
  }

  function paint(): void {
    frame = 0;
    const ratio = devicePixelRatio;
    canvas.width = Math.round(view.width * ratio);
    canvas.height = Math.round(view.height * ratio);
    const context = canvas.getContext('2d');
    if (context !== null && set !== null) paintPoints(context, set, view, ratio);
  }

  function pointAt(event: MouseEvent): number | null {
    if (set === null) return null;
    const shown = set;
    const box = canvas.getBoundingClientRect();
    const at = toPlace(view, { x: event.clientX - box.left, y: event.clientY - box.top });
    const radius = (reach + pointSize(shown.x.length) / 2) / view.scale;
    return nearestPoint(shown.x, shown.y, at, radius, shown.isVisible);
  }

  listen(canvas, {
    zoom: (factor, at) => look(zoomViewport(view, factor, at)),
    pan: (dx, dy) => look(panViewport(view, dx, dy)),
    hover: (event) => {
      const point = event === null ? null : pointAt(event);
      canvas.classList.toggle('on-point', point !== null);
      events.hover(point);
    },
    click: (event) => {
      const point = pointAt(event);
      if (point !== null) events.open(point);
    },
  });

  const fit = (shown: PointSet): Viewport =>
    fitViewport(shown.x, shown.y, container.clientWidth, container.clientHeight);

  return {
    renderer: 'canvas',
    async draw(next, fitAll) {
      set = next;
      if (fitAll) view = fit(next);
      paint();
      events.moved();
      await Promise.resolve();
    },
    locate: (point) => toPixel(view, set?.x[point] ?? 0, set?.y[point] ?? 0),
    view: () => view,
    zoom: (factor) => look(zoomViewport(view, factor)),
    pan: (dx, dy) => look(panViewport(view, dx, dy)),
    fit: () => {
      if (set !== null) look(fit(set));
    },
    reveal: (point) => look(revealViewport(view, set?.x[point] ?? 0, set?.y[point] ?? 0)),
    resize: () => look({ ...view, width: container.clientWidth, height: container.clientHeight }),
    dispose: () => {
      cancelAnimationFrame(frame);
      canvas.remove();
    },
  };
}

interface Gestures {
  zoom(factor: number, at: { x: number; y: number }): void;
  pan(dx: number, dy: number): void;
  hover(event: PointerEvent | null): void;
  click(event: PointerEvent): void;
}

function listen(canvas: HTMLCanvasElement, gestures: Gestures): void {
  let last: PointerEvent | null = null;
  let travelled = 0;
  canvas.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      const pixels =
        event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * 16 : event.deltaY;
      const factor = Math.exp(-Math.max(-200, Math.min(200, pixels)) / 300);
      gestures.zoom(factor, { x: event.offsetX, y: event.offsetY });
    },
    { passive: false },
  );
  canvas.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    last = event;
    travelled = 0;
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener('pointermove', (event) => {
    if (last === null) {
      gestures.hover(event);
      return;
    }
    const [dx, dy] = [event.clientX - last.clientX, event.clientY - last.clientY];
    travelled += Math.abs(dx) + Math.abs(dy);
    last = event;
    if (travelled > 3) gestures.pan(dx, dy);
  });
  canvas.addEventListener('pointerup', (event) => {
    if (last !== null && travelled <= 3) gestures.click(event);
    last = null;
  });
  canvas.addEventListener('pointercancel', () => {
    last = null;
  });
  canvas.addEventListener('pointerleave', () => gestures.hover(null));
}
