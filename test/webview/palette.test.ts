import { expect, test } from 'vitest';
import { categoryStyle, darkPalette, lightPalette } from '../../src/core/report/drawing/palette.js';
import { parseColour } from './pixels.js';

type Triple = readonly [number, number, number];

/** Machado, Oliveira and Fernandes 2009, severity 1, over linear RGB; rows. */
const visions: Readonly<Record<string, readonly [Triple, Triple, Triple]>> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

const dot = (a: Triple, b: Triple): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const clamp = (value: number): number => Math.min(1, Math.max(0, value));

function linear(hex: string): Triple {
  const [r, g, b] = parseColour(hex).map((channel) => {
    const value = channel / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return [r ?? 0, g ?? 0, b ?? 0];
}

function contrast(a: string, b: string): number {
  const luminance = (hex: string): number => dot(linear(hex), [0.2126, 0.7152, 0.0722]);
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

/** Björn Ottosson's OKLab: equal distances look about equally different. */
function okLab(rgb: Triple): Triple {
  const l = Math.cbrt(dot(rgb, [0.4122214708, 0.5363325363, 0.0514459929]));
  const m = Math.cbrt(dot(rgb, [0.2119034982, 0.6806995451, 0.1073969566]));
  const s = Math.cbrt(dot(rgb, [0.0883024619, 0.2817188376, 0.6299787005]));
  const cone: Triple = [l, m, s];
  return [
    dot(cone, [0.2104542553, 0.793617785, -0.0040720468]),
    dot(cone, [1.9779984951, -2.428592205, 0.4505937099]),
    dot(cone, [0.0259040371, 0.7827717662, -0.808675766]),
  ];
}

const cases = [
  { name: 'light', palette: lightPalette, backgrounds: ['#ffffff', '#f3f3f3'] },
  { name: 'dark', palette: darkPalette, backgrounds: ['#1f1f1f', '#252526', '#000000'] },
];

for (const { name, palette, backgrounds } of cases) {
  test(`the ${name} palette stands out from its backgrounds`, () => {
    for (const colour of palette) {
      for (const background of backgrounds) {
        expect(contrast(colour, background), `${colour} on ${background}`).toBeGreaterThan(3);
      }
    }
  });

  for (const [vision, matrix] of Object.entries(visions)) {
    test(`the ${name} palette's colours differ with ${vision}`, () => {
      const seen = palette.map((hex) => {
        const rgb = linear(hex);
        return okLab([
          clamp(dot(matrix[0], rgb)),
          clamp(dot(matrix[1], rgb)),
          clamp(dot(matrix[2], rgb)),
        ]);
      });
      for (const [i, a] of seen.entries()) {
        for (const b of seen.slice(0, i)) {
          // Two shades that one takes for the same in a small mark are about 0.05 apart.
          expect(Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])).toBeGreaterThan(0.08);
        }
      }
    });
  }
}

test('categories beyond the palette differ by shape, and in high contrast from the start', () => {
  const style = (index: number, highContrast = false) =>
    categoryStyle(darkPalette, '#999999', highContrast, index);
  const looks = new Set(Array.from({ length: 32 }, (_, i) => JSON.stringify(style(i))));
  expect(looks.size).toBe(32);
  expect(style(0, true).symbol).not.toBe(style(1, true).symbol);
  expect(style(-1).colour).toBe('#999999');
});
