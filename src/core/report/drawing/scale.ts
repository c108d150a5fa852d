/**
 * Colours for numbers, from least to greatest: one hue after the other, ever darker on a light background and ever
 * lighter on a dark one, so that the order is seen without colour too. The ends differ from the background by 3:1
 * at least.
 */
export const scaleSteps = 16;

const lightStops = ['#d9752b', '#c6417a', '#8a0da4', '#24057f'];
const darkStops = ['#9a62f5', '#e35c94', '#fba04a', '#f6f26a'];

/** @param step from 0, the least, to scaleSteps - 1 */
export function scaleColour(isDark: boolean, step: number): string {
  const stops = isDark ? darkStops : lightStops;
  const at = (Math.min(scaleSteps - 1, Math.max(0, step)) / (scaleSteps - 1)) * (stops.length - 1);
  const from = Math.min(stops.length - 2, Math.floor(at));
  const [below, above] = [channels(stops[from] ?? ''), channels(stops[from + 1] ?? '')];
  const mixed = below.map((value, i) =>
    Math.round(value + (at - from) * ((above[i] ?? value) - value)),
  );
  return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

/** Which of the steps a number falls into. */
export function scaleStep(value: number, first: number, last: number): number {
  const share = last > first ? (value - first) / (last - first) : 0;
  return Math.min(scaleSteps - 1, Math.floor(share * scaleSteps));
}

function channels(hex: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
}
