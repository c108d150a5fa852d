import type { Pen } from './pen.js';

/** Pixels of the picture for each on the screen: enough for print. */
const sharpness = 2;

/** Draws pixels. */
export function canvasPen({ width, height }: { readonly width: number; readonly height: number }): {
  readonly pen: Pen;
  readonly finish: () => Promise<Uint8Array<ArrayBuffer>>;
} {
  const canvas = new OffscreenCanvas(width * sharpness, height * sharpness);
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('This browser draws no pictures.');
  context.scale(sharpness, sharpness);
  const outlines = new Map<string, Path2D>();
  const outlineOf = (path: string): Path2D => {
    const known = outlines.get(path) ?? new Path2D(path);
    outlines.set(path, known);
    return known;
  };
  const pen: Pen = {
    rectangle({ x, y, width: wide, height: high, colour }) {
      context.fillStyle = colour;
      context.fillRect(x, y, wide, high);
    },
    mark({ x, y, path, colour, opacity }) {
      context.fillStyle = colour;
      context.globalAlpha = opacity;
      context.translate(x, y);
      context.fill(outlineOf(path));
      context.translate(-x, -y);
      context.globalAlpha = 1;
    },
    text({ x, y, text, size, isBold, isCentred, colour, halo }) {
      context.font = `${isBold ? '600 ' : ''}${size}px sans-serif`;
      context.textAlign = isCentred ? 'center' : 'left';
      if (halo !== null) {
        context.strokeStyle = halo;
        context.lineWidth = 4;
        context.lineJoin = 'round';
        context.strokeText(text, x, y);
      }
      context.fillStyle = colour;
      context.fillText(text, x, y);
    },
    group: () => undefined,
    groupEnd: () => undefined,
  };
  return {
    pen,
    async finish() {
      const blob = await canvas.convertToBlob({ type: 'image/png' });
      return new Uint8Array(await blob.arrayBuffer());
    },
  };
}
