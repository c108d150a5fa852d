/** Reads a screenshot: 8-bit RGB or RGBA, not interlaced, as Chromium writes them. */
import { inflateSync } from 'node:zlib';

export type Colour = readonly [number, number, number];

export interface Picture {
  readonly width: number;
  readonly height: number;
  at(x: number, y: number): Colour;
  /** Pixels that differ from `colour` by at most `tolerance` a channel, within a box. */
  count(colour: Colour, tolerance?: number, box?: Box): number;
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export function parseColour(hex: string): Colour {
  const channel = (from: number): number => Number.parseInt(hex.slice(from, from + 2), 16);
  return [channel(1), channel(3), channel(5)];
}

export function decodePng(png: Buffer): Picture {
  const data: Buffer[] = [];
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at);
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') {
      data.push(png.subarray(at + 8, at + 8 + length));
    }
    at += length + 12;
  }
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const channels = png[25] === 6 ? 4 : 3;
  const rows = unfilter(inflateSync(Buffer.concat(data)), width * channels, height, channels);
  const at = (x: number, y: number): Colour => {
    const from = (Math.round(y) * width + Math.round(x)) * channels;
    return [rows[from] ?? 0, rows[from + 1] ?? 0, rows[from + 2] ?? 0];
  };
  return {
    width,
    height,
    at,
    count(colour, tolerance = 12, box = { x: 0, y: 0, width, height }) {
      let found = 0;
      for (let y = Math.floor(box.y); y < Math.min(height, box.y + box.height); y++) {
        for (let x = Math.floor(box.x); x < Math.min(width, box.x + box.width); x++) {
          if (isNear(at(x, y), colour, tolerance)) found++;
        }
      }
      return found;
    },
  };
}

export function isNear(a: Colour, b: Colour, tolerance: number): boolean {
  return a.every((channel, i) => Math.abs(channel - (b[i] ?? 0)) <= tolerance);
}

/** Undoes the five PNG row filters, in place. */
function unfilter(raw: Buffer, stride: number, height: number, step: number): Uint8Array {
  const out = new Uint8Array(stride * height);
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (stride + 1)] ?? 0;
    for (let i = 0; i < stride; i++) {
      const left = i >= step ? (out[y * stride + i - step] ?? 0) : 0;
      const up = y > 0 ? (out[(y - 1) * stride + i] ?? 0) : 0;
      const corner = i >= step && y > 0 ? (out[(y - 1) * stride + i - step] ?? 0) : 0;
      const add = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter] ?? 0;
      out[y * stride + i] = (raw[y * (stride + 1) + 1 + i] ?? 0) + add;
    }
  }
  return out;
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}
