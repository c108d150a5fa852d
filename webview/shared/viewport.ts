/** The visible part of the plane. Both axes have the same scale. */
export interface Viewport {
  /** Data coordinates at the middle of the screen. */
  readonly centreX: number;
  readonly centreY: number;
  /** Pixels per data unit. */
  readonly scale: number;
  readonly width: number;
  readonly height: number;
}

export interface Pixel {
  readonly x: number;
  readonly y: number;
}

/** Shows all points, with a margin. */
export function fitViewport(
  x: Float32Array,
  y: Float32Array,
  width: number,
  height: number,
): Viewport {
  let [left, right, bottom, top] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < x.length; i++) {
    const [px, py] = [x[i] ?? NaN, y[i] ?? NaN];
    if (!Number.isFinite(px) || !Number.isFinite(py)) continue;
    left = Math.min(left, px);
    right = Math.max(right, px);
    bottom = Math.min(bottom, py);
    top = Math.max(top, py);
  }
  if (left > right) [left, right, bottom, top] = [-1, 1, -1, 1];
  const margin = 28;
  const scale = Math.min(
    Math.max(width - 2 * margin, 1) / Math.max(right - left, 1e-6),
    Math.max(height - 2 * margin, 1) / Math.max(top - bottom, 1e-6),
  );
  return { centreX: (left + right) / 2, centreY: (bottom + top) / 2, scale, width, height };
}

export function toPixel(view: Viewport, x: number, y: number): Pixel {
  return {
    x: view.width / 2 + (x - view.centreX) * view.scale,
    y: view.height / 2 - (y - view.centreY) * view.scale,
  };
}

/** The reverse of `toPixel`. */
export function toPlace(
  view: Viewport,
  { x, y }: Pixel,
): { readonly x: number; readonly y: number } {
  return {
    x: view.centreX + (x - view.width / 2) / view.scale,
    y: view.centreY - (y - view.height / 2) / view.scale,
  };
}

/** Zooms in (`factor` > 1) or out; keeps the position under the pixel `at` fixed. */
export function zoomViewport(view: Viewport, factor: number, at?: Pixel): Viewport {
  const { x, y } = at ?? { x: view.width / 2, y: view.height / 2 };
  const offset = (1 - 1 / factor) / view.scale;
  return {
    ...view,
    scale: view.scale * factor,
    centreX: view.centreX + (x - view.width / 2) * offset,
    centreY: view.centreY - (y - view.height / 2) * offset,
  };
}

/** Moves the view by pixels. */
export function panViewport(view: Viewport, dx: number, dy: number): Viewport {
  return {
    ...view,
    centreX: view.centreX - dx / view.scale,
    centreY: view.centreY + dy / view.scale,
  };
}

/** Moves the view as little as necessary to show a point, with a margin. */
export function revealViewport(view: Viewport, x: number, y: number): Viewport {
  const at = toPixel(view, x, y);
  const margin = Math.min(40, view.width / 4, view.height / 4);
  const inside = (value: number, limit: number): number =>
    Math.min(Math.max(value, margin), limit - margin) - value;
  return panViewport(view, inside(at.x, view.width), inside(at.y, view.height));
}
