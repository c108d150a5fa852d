/** Names of computed groups, at their centres on the map. */
import type { ValuesColumn } from '../../src/protocol/map.js';
import { rememberLast } from '../shared/rememberLast.js';
import type { Pixel } from '../shared/viewport.js';
import type { PointsMessage } from './content.js';

export interface GroupName {
  readonly code: number;
  readonly name: string;
  /** On the map: the medians of its notes, which a few that lie apart do not move. */
  readonly x: number;
  readonly y: number;
}

export interface PlacedName extends Pixel {
  readonly name: string;
  readonly code: number;
}

/** The column whose names stand on the map: the one that colours it, if it was computed, or the first that was. */
export function namedColumn(message: PointsMessage, active: string | null): ValuesColumn | null {
  const computed = message.columns.flatMap((column) =>
    column.kind === 'values' && column.plainValues !== null ? [column] : [],
  );
  return computed.find(({ name }) => name === active) ?? computed[0] ?? null;
}

/** Largest first. */
export const groupCentres = rememberLast(
  (message: PointsMessage, { values, codes }: ValuesColumn): GroupName[] => {
    const members = values.map((): number[] => []);
    codes.forEach((code, point) => members[code]?.push(point));
    const median = (points: readonly number[], column: Float32Array): number => {
      const sorted = points.map((point) => column[point] ?? NaN).sort((a, b) => a - b);
      return sorted[Math.floor(sorted.length / 2)] ?? NaN;
    };
    return members
      .flatMap((points, code) => {
        const name = values[code] ?? '';
        if (points.length === 0) return [];
        const [x, y] = [median(points, message.x), median(points, message.y)];
        return [{ code, name, x, y, size: points.length }];
      })
      .sort((a, b) => b.size - a.size || a.code - b.code);
  },
);

/** Groups of which any note is shown. */
export const shownCodes = rememberLast(
  ({ codes }: ValuesColumn, visible: Uint8Array): ReadonlySet<number> =>
    new Set(codes.filter((_, point) => visible[point] === 1)),
);

const lineHeight = 20;
/** Tried in turn, in lines above and below the centre. */
const shifts = [0, -1, 1, -2, 2];

/**
 * Larger groups first; a name that would stand on another, or leave the picture, is left out.
 *
 * @param width of a name in pixels
 */
export function placeNames(
  names: readonly GroupName[],
  locate: (name: GroupName) => Pixel,
  width: (name: string) => number,
  size: { readonly width: number; readonly height: number },
): PlacedName[] {
  const placed: (PlacedName & { readonly half: number })[] = [];
  for (const group of names) {
    const at = locate(group);
    const half = width(group.name) / 2 + 6;
    const isFree = ({ x, y }: Pixel): boolean =>
      x - half >= 0 &&
      x + half <= size.width &&
      y >= lineHeight / 2 &&
      y <= size.height - lineHeight / 2 &&
      placed.every(
        (other) =>
          Math.abs(other.x - x) >= other.half + half || Math.abs(other.y - y) >= lineHeight,
      );
    const place = shifts.map((shift) => ({ x: at.x, y: at.y + shift * lineHeight })).find(isFree);
    if (place !== undefined) placed.push({ ...place, name: group.name, code: group.code, half });
  }
  return placed.map(({ x, y, name, code }) => ({ x, y, name, code }));
}

/** Of the names' font, near enough to keep them apart. */
export function nameWidth(name: string): number {
  return Math.min(mostWidth, name.length * 6.6);
}
export const mostWidth = 220;
