/**
 * Draws icon.png, 128 x 128, which the marketplace wants: a page with two clusters of notes.
 *
 *     node media/makeIcon.mjs
 */
import { writeFileSync } from 'node:fs';
import { crc32, deflateSync } from 'node:zlib';

const size = 128;
/** Samples a side of each pixel: smooth edges. */
const samples = 4;

const ground = [0x0f, 0x3d, 0x4c];
const page = [0xf3, 0xf7, 0xf6];
const fold = [0xc4, 0xd8, 0xd6];
const amber = [0xe3, 0x9b, 0x2e];
const teal = [0x1d, 0x8a, 0x86];

/** Painted one over the other: a colour and a test whether a point lies inside. */
const shapes = [
  [ground, roundedBox(4, 4, 124, 124, 26)],
  [page, cutCorner(roundedBox(34, 22, 94, 106, 7), 94, 22, 22)],
  [fold, triangle(72, 22, 72, 44, 94, 44)],
  ...[
    [50, 58, amber],
    [60, 66, amber],
    [47, 73, amber],
    [57, 80, amber],
    [78, 62, teal],
    [83, 74, teal],
    [72, 86, teal],
    [82, 92, teal],
  ].map(([x, y, colour]) => [colour, disc(x, y, 4.6)]),
];

function disc(cx, cy, r) {
  return (x, y) => (x - cx) ** 2 + (y - cy) ** 2 <= r * r;
}

function roundedBox(left, top, right, bottom, r) {
  return (x, y) => {
    const dx = Math.max(left + r - x, 0, x - (right - r));
    const dy = Math.max(top + r - y, 0, y - (bottom - r));
    return x >= left && x <= right && y >= top && y <= bottom && dx * dx + dy * dy <= r * r;
  };
}

function cutCorner(inside, right, top, length) {
  return (x, y) => inside(x, y) && !(x - (right - length) > y - top);
}

function triangle(ax, ay, bx, by, cx, cy) {
  const side = (x, y, px, py, qx, qy) => (qx - px) * (y - py) - (qy - py) * (x - px);
  return (x, y) => {
    const signs = [
      side(x, y, ax, ay, bx, by),
      side(x, y, bx, by, cx, cy),
      side(x, y, cx, cy, ax, ay),
    ];
    return signs.every((s) => s >= 0) || signs.every((s) => s <= 0);
  };
}

/** RGBA of a point; the last shape that covers it is on top. */
function colourAt(x, y) {
  const shape = shapes.findLast(([, inside]) => inside(x, y));
  return shape === undefined ? null : shape[0];
}

function drawPixel(column, row) {
  const sum = [0, 0, 0, 0];
  for (let i = 0; i < samples * samples; i++) {
    const x = column + ((i % samples) + 0.5) / samples;
    const y = row + (Math.floor(i / samples) + 0.5) / samples;
    const colour = colourAt(x, y);
    if (colour === null) continue;
    for (let channel = 0; channel < 3; channel++) sum[channel] += colour[channel];
    sum[3] += 1;
  }
  const covered = sum[3];
  if (covered === 0) return [0, 0, 0, 0];
  return [
    ...sum.slice(0, 3).map((value) => Math.round(value / covered)),
    Math.round((255 * covered) / (samples * samples)),
  ];
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

const rows = [];
for (let row = 0; row < size; row++) {
  const line = [0]; // no filter
  for (let column = 0; column < size; column++) line.push(...drawPixel(column, row));
  rows.push(Buffer.from(line));
}
const header = Buffer.alloc(13);
header.writeUInt32BE(size, 0);
header.writeUInt32BE(size, 4);
header.set([8, 6, 0, 0, 0], 8); // 8 bits a channel, RGBA
const png = Buffer.concat([
  Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
  chunk('IHDR', header),
  chunk('IDAT', deflateSync(Buffer.concat(rows), { level: 9 })),
  chunk('IEND', Buffer.alloc(0)),
]);
writeFileSync(new URL('icon.png', import.meta.url), png);
