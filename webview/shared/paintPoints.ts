import { symbolPath } from '../../src/core/report/drawing/palette.js';
import { pointOpacity, type PointSet, pointSize } from './scatterPlot.js';
import type { Viewport } from './viewport.js';

/** The symbol of one category: opacity per pixel, and one colour. */
interface Stamp {
  readonly alpha: Uint8Array;
  readonly colour: readonly [number, number, number];
  readonly isDim: boolean;
}

/**
 * Draws all points. Each symbol is rasterised once and then blended into the image data: above 50,000
 * points, drawing each one through the context takes ten times as long.
 */
export function paintPoints(
  context: CanvasRenderingContext2D,
  set: PointSet,
  view: Viewport,
  ratio: number,
): void {
  const { width, height } = context.canvas;
  if (width === 0 || height === 0) return;
  const size = pointSize(set.x.length);
  const side = Math.ceil((size * 1.3 + 2) * ratio);
  const stamps = new Map<number, Stamp | null>();
  const stampOf = (category: number): Stamp | null => {
    let stamp = stamps.get(category);
    if (stamp === undefined) {
      stamp = drawStamp(set, category, size, side, ratio);
      stamps.set(category, stamp);
    }
    return stamp;
  };
  const picture = context.createImageData(width, height);
  const paint = (i: number, stamp: Stamp): void => {
    const x = (view.width / 2 + ((set.x[i] ?? NaN) - view.centreX) * view.scale) * ratio;
    const y = (view.height / 2 - ((set.y[i] ?? NaN) - view.centreY) * view.scale) * ratio;
    if (x > -side && y > -side && x < width + side && y < height + side) {
      press(picture, stamp, side, Math.round(x - side / 2), Math.round(y - side / 2));
    }
  };
  const above: (readonly [number, Stamp])[] = [];
  let anyDim = false;
  for (let i = 0; i < set.x.length; i++) {
    if (!set.isVisible(i)) continue;
    const stamp = stampOf(set.category[i] ?? -1);
    if (stamp === null) continue;
    anyDim ||= stamp.isDim;
    // Once one is dim, those that are not wait until it has been drawn.
    if (anyDim && !stamp.isDim) above.push([i, stamp]);
    else paint(i, stamp);
  }
  for (const [i, stamp] of above) paint(i, stamp);
  context.putImageData(picture, 0, 0);
}

/** Blends a stamp over the existing pixels. */
function press(picture: ImageData, stamp: Stamp, side: number, left: number, top: number): void {
  const { data, width, height } = picture;
  const [red, green, blue] = stamp.colour;
  const [fromX, toX] = [Math.max(0, -left), Math.min(side, width - left)];
  const [fromY, toY] = [Math.max(0, -top), Math.min(side, height - top)];
  for (let y = fromY; y < toY; y++) {
    for (let x = fromX; x < toX; x++) {
      const alpha = stamp.alpha[y * side + x]!;
      if (alpha === 0) continue;
      const at = ((top + y) * width + left + x) * 4;
      const below = (data[at + 3]! * (255 - alpha)) / 255;
      const all = alpha + below;
      data[at] = (red * alpha + data[at]! * below) / all;
      data[at + 1] = (green * alpha + data[at + 1]! * below) / all;
      data[at + 2] = (blue * alpha + data[at + 2]! * below) / all;
      data[at + 3] = all;
    }
  }
}

function drawStamp(
  set: PointSet,
  category: number,
  size: number,
  side: number,
  ratio: number,
): Stamp | null {
  const context = new OffscreenCanvas(side, side).getContext('2d');
  if (context === null) return null;
  const style = set.style(category);
  const { colour, symbol, isDim = false } = style;
  context.translate(side / 2, side / 2);
  context.scale(ratio, ratio);
  context.fillStyle = colour;
  context.globalAlpha = pointOpacity(set.x.length, style);
  context.fill(new Path2D(symbolPath(symbol, size)));
  const { data } = context.getImageData(0, 0, side, side);
  const alpha = Uint8Array.from({ length: side * side }, (_, i) => data[i * 4 + 3] ?? 0);
  // The colour as the canvas renders it, taken from the most opaque pixel.
  const peak = alpha.indexOf(Math.max(...alpha)) * 4;
  return { alpha, colour: [data[peak] ?? 0, data[peak + 1] ?? 0, data[peak + 2] ?? 0], isDim };
}
